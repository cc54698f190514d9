using System.CommandLine;

namespace Eigenscope.Cli.Parsing;

/// <summary>Everything wrong with a command line, in one line.</summary>
internal static class ParseErrors
{
    /// <summary>Describes the errors of a parsed command line.</summary>
    /// <param name="parsed">A result with errors.</param>
    /// <returns>One line.</returns>
    public static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
            return DescribeUnmatched(command, parsed.UnmatchedTokens[0]);
        if (command.Subcommands.Count > 0)
            return $"{command.Name}: expected {Names(command)} after it";
        return string.Join("; ", parsed.Errors.Select(static error => error.Message.ReplaceLineEndings(" ").TrimEnd('.')).Distinct(StringComparer.Ordinal));
    }

    // What follows an unknown option is its value, or a consequence.
    private static string DescribeUnmatched(Command command, string token)
    {
        string place = command is RootCommand ? "" : $" of '{command.Name}'";
        if (token.StartsWith('-'))
        {
            string option = token.Split('=', ':')[0];
            return $"unknown option '{option}'{place}{Suggestion.For(option, command.Options.Select(static known => known.Name))}; 'eigenscope {PathOf(command)}--help' lists the options";
        }
        if (command.Subcommands.Count == 0)
            return $"unexpected argument '{token}' after '{command.Name}', which takes options only";
        return $"unknown command '{token}'{place}{Suggestion.For(token, Visible(command).Select(static child => child.Name))}; expected {Names(command)}";
    }

    private static string Names(Command command) => string.Join(" or ", Visible(command).Select(static child => child.Name));

    private static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(static child => !child.Hidden);

    private static string PathOf(Command command) =>
        command is RootCommand ? "" : string.Concat(command.Parents.OfType<Command>().Select(PathOf)) + command.Name + " ";
}
