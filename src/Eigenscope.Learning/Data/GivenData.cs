using System.Globalization;
using Eigenscope.Formats;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Reads samples for a network that is already there: an NPZ file with <c>x</c> (N × …) and <c>y</c> (N, N × 1 or N × M), and optionally <c>x_test</c> and <c>y_test</c>, a CSV file with the label or target last, or whatever else
/// <see cref="DataCatalog"/> knows.
/// </summary>
public static class GivenData
{
    private const double LargestWhole = 1L << 53;

    /// <summary>Reads samples.</summary>
    /// <param name="nameOrPath">A known name or a path.</param>
    /// <param name="samples">Read the first so many, ≥ 1; null reads all.</param>
    /// <param name="locations">Where to look for names.</param>
    /// <param name="random">The seed of synthetic data.</param>
    /// <param name="progress">Told how far a download is, or null.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="DataException">No such data, or unreadable, empty or not finite; one line that names the file and the array.</exception>
    /// <exception cref="OperationCanceledException">A download was cancelled.</exception>
    public static GivenSamples Load(string nameOrPath, int? samples, DataLocations locations, RandomStream random, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        ArgumentNullException.ThrowIfNull(locations);
        string path = File.Exists(nameOrPath) ? nameOrPath : locations.Find(nameOrPath) ?? nameOrPath;
        bool isFile = !DataCatalog.Names.Contains(nameOrPath, StringComparer.Ordinal) && File.Exists(path);
        try
        {
            if (isFile && HasExtension(path, ".npz"))
                return First(OfNpz(path), path, samples);
            if (isFile && (HasExtension(path, ".csv") || HasExtension(path, ".csv.gz")))
                return First(OfCsv(path), path, samples);
        }
        catch (DataFormatException failure)
        {
            throw new DataException(failure.Path, $"expected {failure.Expected}, got {failure.Actual}", failure);
        }
        DataSplit data = DataCatalog.Load(nameOrPath, new DataOptions { MaxSamples = samples }, locations, random, progress, cancellation);
        RequireSamples(data.Train.SampleCount, samples, nameOrPath);
        return OfDataset(data.Train, nameOrPath) with { Test = data.Test is { } test ? OfDataset(test, nameOrPath) : null };
    }

    private static GivenSamples First(GivenSamples all, string path, int? samples)
    {
        RequireSamples(all.SampleCount, samples, path);
        return all.Take(samples ?? all.SampleCount);
    }

    private static void RequireSamples(int count, int? wanted, string subject)
    {
        if (wanted > count)
            throw new DataException(subject, FormattableString.Invariant($"the first {wanted} samples were asked for, it has {count}"));
    }

    private static GivenSamples OfDataset(Dataset data, string subject) => new()
    {
        Name = data.Name,
        Source = data.Source,
        LabelSubject = subject,
        Inputs = data.Inputs,
        Labels = Array.ConvertAll(data.Labels, static label => (long)label),
        Targets = null,
        ClassNames = data.ClassNames,
    };

    private static GivenSamples OfNpz(string path)
    {
        IReadOnlyList<string> names = NpzFile.Names(path);
        foreach (string needed in new[] { "x", "y" })
        {
            if (!names.Contains(needed, StringComparer.Ordinal))
                throw new DataException(path, $"expected arrays x (the samples) and y (their labels or targets), got {(names.Count == 0 ? "none" : string.Join(", ", names))}; save it as numpy.savez(path, x=…, y=…)");
        }
        GivenSamples all = OfArrays(path, "x", "y");
        bool hasTest = names.Contains("x_test", StringComparer.Ordinal) || names.Contains("y_test", StringComparer.Ordinal);
        return hasTest ? all with { Test = OfArrays(path, "x_test", "y_test") } : all;
    }

    private static GivenSamples OfArrays(string path, string inputs, string labels)
    {
        Tensor<double> x = Samples(path, inputs), y = Samples(path, labels);
        if (y.Rows != x.Rows)
            throw new DataException($"{path}[{labels}]", $"expected one label or target for each of the {x.Rows} samples of {inputs}, got {y.Rows}");
        return Create(path, $"{path}[{inputs}]", $"{path}[{labels}]", x, new Tensor<double>(y.Storage, y.Rows, y.Columns));
    }

    private static Tensor<double> Samples(string path, string name)
    {
        NpyArray array = NpzFile.Read(path, name);
        if (array.Shape.Count == 0)
            throw new DataException($"{path}[{name}]", "expected an array with one entry for each sample, got a scalar");
        if (array.Length == 0)
            throw new DataException($"{path}[{name}]", $"expected at least one sample of at least one value, got shape [{string.Join(", ", array.Shape)}]");
        return array.Shape.Count == 1 ? new Tensor<double>(array.ToDoubles(), array.Length, 1) : new Tensor<double>(array.ToDoubles(), [.. array.Shape]);
    }

    private static GivenSamples OfCsv(string path)
    {
        CsvTable table = CsvFile.Read(path);
        if (table.Rows == 0 || table.Columns == 0)
            throw new DataException(path, $"expected rows of at least one value and a label, got {table.Rows} rows of {table.Columns} values");
        Tensor<double> inputs = new(table.Features, table.Rows, table.Columns);
        double[]? numbers = Numbers(table.Labels);
        if (numbers is not null)
            return Create(path, path, path, inputs, new Tensor<double>(numbers, table.Rows, 1)) with { ClassNames = table.ClassNames };
        LabelEncoding encoding = LabelEncoding.FromText(table.Labels, path);
        RequireFinite(inputs, path, "coordinate");
        return new GivenSamples { Name = Path.GetFileName(path), Source = $"{path}; values as they are", LabelSubject = path, Inputs = inputs, Labels = Array.ConvertAll(encoding.Labels, static label => (long)label), Targets = null, ClassNames = encoding.ClassNames };
    }

    private static double[]? Numbers(string[] texts)
    {
        double[] numbers = new double[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (!double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }
        return numbers;
    }

    private static GivenSamples Create(string path, string inputSubject, string labelSubject, Tensor<double> inputs, Tensor<double> targets)
    {
        RequireFinite(inputs, inputSubject, "coordinate");
        RequireFinite(targets, labelSubject, "value");
        bool isWhole = targets.Columns == 1 && Array.TrueForAll(targets.Storage, static value => Math.Abs(value) <= LargestWhole && value == Math.Floor(value));
        return new GivenSamples
        {
            Name = Path.GetFileName(path),
            Source = $"{path}; values as they are",
            LabelSubject = labelSubject,
            Inputs = inputs,
            Labels = isWhole ? Array.ConvertAll(targets.Storage, static value => (long)value) : null,
            Targets = targets,
        };
    }

    private static void RequireFinite(Tensor<double> values, string subject, string what)
    {
        int bad = Array.FindIndex(values.Storage, static value => !double.IsFinite(value));
        if (bad >= 0)
            throw new DataException(subject, $"sample {bad / values.Columns} has {(double.IsNaN(values.Storage[bad]) ? "NaN" : "an infinity")} at {what} {bad % values.Columns}, expected finite numbers; mend or leave out that sample");
    }

    private static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
