using System.Globalization;

namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>What a setting must satisfy to have an optimum that the formulas describe.</summary>
internal static class UfmSettingCheck
{
    // Keeps every count of a spectrum (up to L·d² + d·N) inside 64 bits.
    private const int Largest = 1_000_000;

    /// <summary>Throws, with all that is wrong, unless the setting can be solved.</summary>
    /// <param name="setting">The setting.</param>
    /// <exception cref="ArgumentNullException">No setting.</exception>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static void Require(UfmSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        string[] problems = Problems(setting).ToArray();
        if (problems.Length > 0)
            throw new ArgumentException($"The unconstrained feature model cannot be solved: {string.Join("; ", problems)}.", nameof(setting));
    }

    /// <summary>Throws unless <paramref name="layer"/> is one of 1 … L.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="layer">Counted from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such layer.</exception>
    public static void RequireLayer(UfmSetting setting, int layer)
    {
        if (layer < 1 || layer > setting.Depth)
            throw new ArgumentOutOfRangeException(nameof(layer), layer, Text($"Layers are counted from 1 to {setting.Depth}; give one of them."));
    }

    private static IEnumerable<string> Problems(UfmSetting setting) =>
        Sizes(setting).Concat(Decays(setting)).Concat(Enum.IsDefined(setting.Loss)
            ? []
            : [Text($"Loss is {(int)setting.Loss}, which is not one of the known losses")]);

    private static IEnumerable<string> Sizes(UfmSetting setting)
    {
        foreach (string problem in OutOfRange(nameof(setting.Classes), setting.Classes, 2).Concat(OutOfRange(nameof(setting.PerClass), setting.PerClass, 1))
            .Concat(OutOfRange(nameof(setting.Depth), setting.Depth, 1)).Concat(OutOfRange(nameof(setting.Width), setting.Width, 1)))
            yield return problem;
        if (setting.Width >= 1 && setting.Width < setting.CollapsedRank)
            yield return Text($"Width is {setting.Width}, but the class means span {setting.CollapsedRank} dimensions: make the width at least that, or the classes fewer");
    }

    private static IEnumerable<string> Decays(UfmSetting setting)
    {
        string why = setting.Loss == UfmLoss.CrossEntropy
            ? " (without decay cross-entropy has no finite optimum: the logits grow without bound)"
            : " (without decay the minimum is not unique)";
        if (!(double.IsFinite(setting.WeightDecay) && setting.WeightDecay > 0))
            yield return Text($"WeightDecay is {setting.WeightDecay}; a finite value above 0 is needed{why}");
        if (!(double.IsFinite(setting.FeatureDecay) && setting.FeatureDecay > 0))
            yield return Text($"FeatureDecay is {setting.FeatureDecay}; a finite value above 0 is needed{why}");
    }

    private static IEnumerable<string> OutOfRange(string name, int value, int least) =>
        value >= least && value <= Largest ? [] : [Text($"{name} is {value}; it must be at least {least} and at most {Largest}")];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
