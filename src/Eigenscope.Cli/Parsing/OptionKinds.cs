using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Eigenscope.Cli.Parsing;

/// <summary>Options of every kind, read the invariant way; a message names the option, what was expected and what came. Ranges and names are checked by whoever uses the value.</summary>
internal static class OptionKinds
{
    /// <summary>Text that is passed on as it is.</summary>
    public static Option<string> Text(string name, string placeholder, string description, string standard) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = static result => NotAnOption(result) ?? "",
    };

    /// <summary>Text that may be left out.</summary>
    public static Option<string?> OptionalText(string name, string placeholder, string description) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        CustomParser = static result => NotAnOption(result),
    };

    /// <summary>The path of a .npz file to write; a name that says ONNX, which is another format, is refused.</summary>
    public static Option<string?> ArraysFile(string name, string description)
    {
        Option<string?> option = OptionalText(name, "FILE.npz", description);
        option.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: { } path }] && path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
                result.AddError($"{result.Option.Name}: ONNX files are not written; expected a name that ends in .npz, got '{path}'");
        });
        return option;
    }

    /// <summary>The path of a model to write, whose name says the format: .npz or .onnx.</summary>
    public static Option<string?> ModelFile(string name, string description)
    {
        Option<string?> option = OptionalText(name, "FILE.npz|FILE.onnx", description);
        option.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: { } path }] && !path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
                result.AddError($"{result.Option.Name}: expected a name that ends in .npz or .onnx, got '{path}'");
        });
        return option;
    }

    /// <summary>Text that may be given several times, and may begin with dashes: it is meant for another program.</summary>
    public static Option<string[]> Passed(string name, string placeholder, string description) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = static _ => [],
        CustomParser = static result => [.. result.Tokens.Select(static token => token.Value)],
    };

    /// <summary>A whole number.</summary>
    public static Option<int> Whole(string name, string placeholder, string description, int standard) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = static result => ParseWhole(result) ?? 0,
    };

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> OptionalWhole(string name, string placeholder, string description) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        CustomParser = static result => ParseWhole(result),
    };

    /// <summary>A whole number from 0 to 2⁶⁴ − 1.</summary>
    public static Option<ulong> Seed(string name, string placeholder, string description, ulong standard) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = static result =>
        {
            if (!ulong.TryParse(Token(result), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
                result.AddError($"{NameOf(result)}: expected a whole number from 0 to {ulong.MaxValue}, got '{Token(result)}'");
            return seed;
        },
    };

    /// <summary>A finite number.</summary>
    public static Option<double> Real(string name, string placeholder, string description, double standard) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = static result => ParseReal(result) ?? 0.0,
    };

    /// <summary>A finite number that may be left out.</summary>
    public static Option<double?> OptionalReal(string name, string placeholder, string description) => new(name)
    {
        HelpName = placeholder,
        Description = description,
        CustomParser = static result => ParseReal(result),
    };

    /// <summary>A switch, off unless given.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    private static int? ParseWhole(ArgumentResult result)
    {
        if (int.TryParse(Token(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value))
            return value;
        result.AddError($"{NameOf(result)}: expected a whole number, got '{Token(result)}'");
        return null;
    }

    private static double? ParseReal(ArgumentResult result)
    {
        if (double.TryParse(Token(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            return value;
        result.AddError($"{NameOf(result)}: expected a finite number such as 0.5 or 5e-4, got '{Token(result)}'");
        return null;
    }

    // "--json --quiet" is a forgotten file, not a file named "--quiet".
    private static string? NotAnOption(ArgumentResult result)
    {
        string value = Token(result);
        if (value.Length > 0 && !value.StartsWith("--", StringComparison.Ordinal))
            return value;
        result.AddError($"{NameOf(result)}: expected a value, got {(value.Length == 0 ? "nothing" : $"the option {value}")}");
        return null;
    }

    private static string Token(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";

    private static string NameOf(ArgumentResult result) => (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
}
