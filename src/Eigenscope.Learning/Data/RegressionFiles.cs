using System.Globalization;
using Eigenscope.Formats;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>Data whose targets are real numbers: a CSV file with the target last, or an NPZ file with <c>x</c> (N × …) and <c>y</c> (N, or N × M), and optionally <c>x_test</c> and <c>y_test</c>. Nothing is scaled.</summary>
public static class RegressionFiles
{
    private const string Accepted = "real targets are read from a .csv file (target last) or an .npz file (x, y)";

    /// <summary>Reads a file.</summary>
    /// <param name="nameOrPath">A .csv, .csv.gz or .npz file, or the name of one in the folders of data.</param>
    /// <param name="locations">Where to look for names.</param>
    /// <returns>Samples to train on, and the file's own samples to test on, if it has any.</returns>
    /// <exception cref="DataException">No such file, a data set known by name, which has classes, another kind of file, or content that cannot be used; one line that names the file.</exception>
    public static (RegressionSamples Train, RegressionSamples? Test) Load(string nameOrPath, DataLocations locations)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        ArgumentNullException.ThrowIfNull(locations);
        if (DataCatalog.Names.Contains(nameOrPath, StringComparer.Ordinal))
            throw new DataException(nameOrPath, $"it has classes; {Accepted}");
        string path = File.Exists(nameOrPath) ? nameOrPath : locations.Find(nameOrPath) ?? nameOrPath;
        try
        {
            if (!File.Exists(path))
                throw new DataException(path, $"no such file; {Accepted}");
            if (path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
                return LoadNpz(path);
            if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase))
                return (LoadCsv(path), null);
            throw new DataException(path, $"unknown kind of file; {Accepted}");
        }
        catch (DataFormatException failure)
        {
            throw new DataException(failure.Path, $"expected {failure.Expected}, got {failure.Actual}", failure);
        }
    }

    private static RegressionSamples LoadCsv(string path)
    {
        CsvTable table = CsvFile.Read(path);
        double[] targets = [.. table.Labels.Select((text, row) => Target(text, row, path))];
        return Create(path, path, new Tensor<double>(table.Features, table.Rows, table.Columns), new Tensor<double>(targets, table.Rows, 1));
    }

    private static double Target(string text, int row, string path) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new DataException(path, $"sample {row.ToString(CultureInfo.InvariantCulture)} has the target '{text}', expected a finite number in the last column");

    private static (RegressionSamples Train, RegressionSamples? Test) LoadNpz(string path)
    {
        RegressionSamples train = Part(path, "x", "y");
        bool hasTest = NpzFile.Names(path).Any(static name => name is "x_test" or "y_test");
        RegressionSamples? test = hasTest ? Part(path, "x_test", "y_test") : null;
        if (test is not null && !test.Inputs.Shape[1..].SequenceEqual(train.Inputs.Shape[1..]))
            throw new DataException($"{path}[x_test]", $"expected test samples of shape [{Shape(train.Inputs)}] as in training, got [{Shape(test.Inputs)}]");
        if (test is not null && test.Targets.Columns != train.Targets.Columns)
            throw new DataException($"{path}[y_test]", $"expected {train.Targets.Columns} targets a sample as in training, got {test.Targets.Columns}");
        return (train, test);
    }

    private static RegressionSamples Part(string path, string inputs, string targets) => Create(path, $"{path}[{inputs}, {targets}]", Samples(path, inputs), Samples(path, targets));

    private static Tensor<double> Samples(string path, string name)
    {
        NpyArray array = NpzFile.Read(path, name);
        return array.Shape.Count switch
        {
            0 => throw new DataException($"{path}[{name}]", "expected an array of samples, got a scalar"),
            1 => new Tensor<double>(array.ToDoubles(), array.Length, 1),
            _ => new Tensor<double>(array.ToDoubles(), [.. array.Shape]),
        };
    }

    private static RegressionSamples Create(string path, string subject, Tensor<double> inputs, Tensor<double> targets)
    {
        try
        {
            Tensor<double> flat = new(targets.Storage, targets.Rows, targets.Columns);
            return new RegressionSamples(Path.GetFileName(path), $"{path}; values as they are", inputs, flat);
        }
        catch (ArgumentException defect)
        {
            throw new DataException(subject, defect.Message.Split(" (Parameter", 2)[0], defect);
        }
    }

    private static string Shape(Tensor<double> samples) => string.Join(", ", samples.Shape[1..].ToArray());
}
