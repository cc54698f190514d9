using Eigenscope.Formats;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>An NPZ file with <c>x</c> (N × …) and <c>y</c> (N) of any numeric type, y whole numbers, and optionally <c>x_test</c> and <c>y_test</c>. Nothing is scaled.</summary>
internal static class NpzSource
{
    public static LoadedData Load(string path)
    {
        IReadOnlyList<string> names = NpzFile.Names(path);
        LabelEncoding encoding = LabelEncoding.FromNumbers(ReadLabels(path, "y"), Part(path, "y"));
        (string, string) description = (Path.GetFileName(path), $"{path}; values as they are");
        Dataset train = Checked.Create((Part(path, "x"), Part(path, "y")), description, ReadInputs(path, "x"), encoding.Labels, encoding.ClassNames);
        if (!names.Contains("x_test", StringComparer.Ordinal) && !names.Contains("y_test", StringComparer.Ordinal))
            return new LoadedData(train, null);
        int[] labels = LabelEncoding.Encode(ReadLabels(path, "y_test"), train.ClassNames, Part(path, "y_test"));
        return new LoadedData(train, Checked.CreateTest((Part(path, "x_test"), Part(path, "y_test")), train, ReadInputs(path, "x_test"), labels));
    }

    private static Tensor<double> ReadInputs(string path, string name)
    {
        NpyArray array = NpzFile.Read(path, name);
        return array.Shape.Count switch
        {
            0 => throw new DataException(Part(path, name), "expected an array of samples, got a scalar"),
            1 => new Tensor<double>(array.ToDoubles(), array.Length, 1),
            _ => new Tensor<double>(array.ToDoubles(), [.. array.Shape]),
        };
    }

    private static long[] ReadLabels(string path, string name)
    {
        NpyArray array = NpzFile.Read(path, name);
        bool isColumn = array.Shape.Count == 1 || (array.Shape.Count == 2 && array.Shape[1] == 1);
        if (!isColumn)
            throw new DataException(Part(path, name), $"expected one whole number for each sample (shape [N]), got shape [{string.Join(", ", array.Shape)}]");
        if (!array.IsInteger)
            return WholeNumbers.Require(array.ToDoubles(), Part(path, name));
        try
        {
            return array.ToInt64s();
        }
        catch (OverflowException failure)
        {
            throw new DataException(Part(path, name), $"expected labels up to {long.MaxValue}, got a larger one", failure);
        }
    }

    private static string Part(string path, string name) => $"{path}[{name}]";
}
