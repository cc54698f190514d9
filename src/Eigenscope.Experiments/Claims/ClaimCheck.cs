namespace Eigenscope.Experiments.Claims;

/// <summary>One comparison of a claim: numbers that are measured, beside what they are expected to be.</summary>
/// <param name="Name">What is measured, in a few words.</param>
/// <param name="Measure">Reads the numbers off the evidence.</param>
/// <param name="Expected">What they are compared with.</param>
/// <param name="Source">Where the expectation is from: a closed form, the paper, an independent computation.</param>
public sealed record ClaimCheck(string Name, Func<Evidence, Measured> Measure, Expectation Expected, string Source)
{
    /// <summary>Along what there are several numbers: "layer". Default: there is one.</summary>
    public string Along { get; init; } = "";

    /// <summary>Whether the figure has a logarithmic axis. Default false.</summary>
    public bool IsLogarithmic { get; init; }
}

/// <summary>Numbers that were measured, each with its place and, where it was estimated, its standard error.</summary>
public sealed record Measured
{
    /// <summary>The numbers; null where one is undefined.</summary>
    public required IReadOnlyList<double?> Values { get; init; }

    /// <summary>Names of their places, as many: layers, seeds, values of an option.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>Standard errors over seeds, as many; null for a number that has none. Null for all.</summary>
    public IReadOnlyList<double?>? StandardErrors { get; init; }

    /// <summary>One number.</summary>
    public static Measured Of(double? value) => new() { Values = [value], Places = [""] };

    /// <summary>Numbers at named places.</summary>
    public static Measured Of(IEnumerable<(string Place, double? Value)> values)
    {
        (string Place, double? Value)[] all = [.. values];
        return new Measured { Values = [.. all.Select(static one => one.Value)], Places = [.. all.Select(static one => one.Place)] };
    }

    /// <summary>Means over seeds at named places, with their standard errors; undefined where a number is.</summary>
    public static Measured Means(IEnumerable<(string Place, IReadOnlyList<double?> Values)> values)
    {
        (string Place, double? Mean, double? Error)[] all = [.. values.Select(static one => Mean(one.Place, one.Values))];
        return new Measured { Values = [.. all.Select(static one => one.Mean)], Places = [.. all.Select(static one => one.Place)], StandardErrors = [.. all.Select(static one => one.Error)] };
    }

    private static (string Place, double? Mean, double? Error) Mean(string place, IReadOnlyList<double?> values)
    {
        double[] numbers = [.. values.OfType<double>()];
        if (numbers.Length == 0 || numbers.Length < values.Count)
            return (place, null, null);
        double mean = numbers.Average();
        double? error = numbers.Length < 2 ? null : Math.Sqrt(numbers.Sum(value => (value - mean) * (value - mean)) / (numbers.Length - 1) / numbers.Length);
        return (place, mean, error);
    }
}
