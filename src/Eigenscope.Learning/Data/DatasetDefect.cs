using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>What keeps arrays from being a <see cref="Dataset"/>; the constructor reports it against an argument, a loader against its file.</summary>
internal sealed record DatasetDefect(string Argument, string Problem)
{
    public static DatasetDefect? Find(Tensor<double> inputs, int[] labels, IReadOnlyList<string> classNames, bool requireEveryClass) =>
        FindInSizes(inputs, labels, classNames)
        ?? FindInLabels(labels, classNames, requireEveryClass)
        ?? FindInInputs(inputs);

    private static DatasetDefect? FindInSizes(Tensor<double> inputs, int[] labels, IReadOnlyList<string> classNames)
    {
        if (inputs.Rows == 0)
            return new(nameof(inputs), "expected at least one sample, got none");
        if (inputs.Columns == 0)
            return new(nameof(inputs), "expected samples of at least one value, got samples without values");
        if (labels.Length != inputs.Rows)
            return new(nameof(labels), $"expected one label for each of {inputs.Rows} samples, got {labels.Length} labels");
        return classNames.Count == 0 ? new(nameof(classNames), "expected at least one class, got none") : null;
    }

    private static DatasetDefect? FindInLabels(int[] labels, IReadOnlyList<string> classNames, bool requireEveryClass)
    {
        bool[] seen = new bool[classNames.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)seen.Length)
                return new(nameof(labels), $"sample {i} has label {labels[i]}, expected a class in 0 … {seen.Length - 1}");
            seen[labels[i]] = true;
        }
        int empty = Array.IndexOf(seen, false);
        return empty < 0 || !requireEveryClass
            ? null
            : new(nameof(labels), $"class {ClassText(empty, classNames[empty])} has no samples, expected at least one of each of {seen.Length} classes");
    }

    private static DatasetDefect? FindInInputs(Tensor<double> inputs)
    {
        ReadOnlySpan<double> values = inputs.Span;
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                return new(nameof(inputs), $"sample {i / inputs.Columns} has {NonFiniteText(values[i])} at coordinate {i % inputs.Columns}, expected finite numbers");
        }
        return null;
    }

    private static string ClassText(int index, string name)
    {
        string number = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return string.Equals(number, name, StringComparison.Ordinal) ? number : $"{number} ({name})";
    }

    private static string NonFiniteText(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "+Infinity" : "-Infinity";
}
