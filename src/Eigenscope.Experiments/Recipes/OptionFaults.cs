using System.Globalization;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Everything that is wrong with the options of a command, told in one message.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    /// <summary>What was noted so far.</summary>
    public IReadOnlyList<string> All => _faults;

    /// <summary>Notes an option whose value is none of the allowed words.</summary>
    public void RequireOneOf(string option, string value, params string[] allowed)
    {
        if (!allowed.Contains(value, StringComparer.Ordinal))
            _faults.Add($"{option} must be {string.Join(" or ", allowed)}, got '{value}'");
    }

    /// <summary>Notes an option whose value does not hold what is expected of it.</summary>
    public void Require(bool holds, string option, string expected, IFormattable? value)
    {
        if (!holds)
            _faults.Add($"{option} must be {expected}, got {value?.ToString(null, CultureInfo.InvariantCulture)}");
    }

    /// <summary>Notes an option whose word does not fit the others.</summary>
    public void Require(bool holds, string option, string expected, string value)
    {
        if (!holds)
            _faults.Add($"{option} must be {expected}, got '{value}'");
    }

    /// <summary>Takes over faults found elsewhere.</summary>
    public void Add(IEnumerable<string> faults) => _faults.AddRange(faults);

    /// <summary>Ends the check.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
            throw new UsageException(string.Join("; ", _faults));
    }
}
