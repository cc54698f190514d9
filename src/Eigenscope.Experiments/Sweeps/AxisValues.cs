using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>The values of one option of a recipe: one, a list, or a range <c>{ lin: [first, last, count] }</c> or <c>{ log: [first, last, count] }</c>, both ends included.</summary>
internal sealed class AxisValues(string option, Action<string> fault)
{
    private const int MostValues = 10_000;

    public IReadOnlyList<string> Read(YamlNode node) => node switch
    {
        YamlScalarNode scalar => Scalar(scalar) is { } value ? [value] : [],
        YamlSequenceNode { Children.Count: > 0 } list => [.. list.Children.Select(Item).OfType<string>()],
        YamlMappingNode { Children.Count: 1 } map => Range(map),
        _ => Wrong($"expected a value, a list, {{ lin: [first, last, count] }} or {{ log: [first, last, count] }}"),
    };

    private string? Item(YamlNode node)
    {
        if (node is YamlScalarNode scalar)
            return Scalar(scalar);
        Wrong("expected a list of plain values");
        return null;
    }

    // 1e-4 and 0.0001 are one value, and so one run.
    private string? Scalar(YamlScalarNode scalar)
    {
        if (string.IsNullOrEmpty(scalar.Value))
        {
            Wrong("expected a value, got nothing");
            return null;
        }
        bool isPlain = scalar.Style == YamlDotNet.Core.ScalarStyle.Plain;
        return isPlain && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? Number(number) : scalar.Value;
    }

    private List<string> Range(YamlMappingNode map)
    {
        (YamlNode key, YamlNode value) = map.Children.First();
        string kind = (key as YamlScalarNode)?.Value ?? "";
        double?[] numbers = value is YamlSequenceNode list ? [.. list.Children.Select(Real)] : [];
        if (kind is not ("lin" or "log") || numbers is not [{ } first, { } last, { } count])
            return Wrong($"expected a range {{ lin: [first, last, count] }} or {{ log: [first, last, count] }}");
        if (!double.IsInteger(count) || count is < 2 or > MostValues)
            return Wrong(string.Create(CultureInfo.InvariantCulture, $"expected a range of 2 to {MostValues:N0} values, got {count}"));
        if (kind is "log" && !(first > 0.0 && last > 0.0))
            return Wrong(string.Create(CultureInfo.InvariantCulture, $"expected a logarithmic range between positive numbers, got {first} and {last}"));
        return [.. Enumerable.Range(0, (int)count).Select(i => Number(Between(kind, first, last, i, (int)count)))];
    }

    // The ends are what the user wrote, to the bit. Points between are rounded to twelve digits, so that 0.1 is not 0.09999999999999999.
    private static double Between(string kind, double first, double last, int index, int count)
    {
        if (index == 0)
            return first;
        if (index == count - 1)
            return last;
        double share = index / (count - 1.0);
        double value = kind is "log" ? Math.Exp(Math.Log(first) + (share * (Math.Log(last) - Math.Log(first)))) : first + (share * (last - first));
        return double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static double? Real(YamlNode node) => node is YamlScalarNode scalar && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private List<string> Wrong(string expected)
    {
        fault($"{option}: {expected}");
        return [];
    }
}
