using Eigenscope.Formats;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>A CSV file with the label last. Nothing is scaled. When the first line announces class names, K is their number and the labels are 0 … K − 1.</summary>
internal static class CsvSource
{
    public static LoadedData Load(string path)
    {
        CsvTable table = CsvFile.Read(path);
        LabelEncoding encoding = Announced(table, path) ?? LabelEncoding.FromText(table.Labels, path);
        Tensor<double> inputs = new(table.Features, table.Rows, table.Columns);
        (string, string) description = (Path.GetFileName(path), $"{path}; values as they are");
        return new LoadedData(Checked.Create((path, path), description, inputs, encoding.Labels, encoding.ClassNames), null);
    }

    private static LabelEncoding? Announced(CsvTable table, string path)
    {
        if (table.ClassNames is null || LabelEncoding.AsNumbers(table.Labels) is not { } numbers)
            return null;
        return new LabelEncoding(LabelEncoding.Encode(numbers, LabelEncoding.NumberedNames(table.ClassNames.Length), path), table.ClassNames);
    }
}
