namespace Eigenscope.Cli.Commands;

/// <summary>What to do when the program was built without the scripts that draw its pages.</summary>
internal static class NodeAdvice
{
    /// <summary>One line: why there are no pages, and the command that changes it.</summary>
    public static string Missing() =>
        $"this build cannot draw pages, because Node.js 18 or later with npm was missing (or its packages could not be fetched) when it was built; run '{Command()}' and build again";

    private static string Command()
    {
        if (OperatingSystem.IsMacOS())
            return "brew install node";
        if (OperatingSystem.IsWindows())
            return "winget install OpenJS.NodeJS.LTS";
        return File.Exists("/usr/bin/dnf") ? "sudo dnf install nodejs npm"
            : File.Exists("/usr/bin/pacman") ? "sudo pacman -S nodejs npm"
            : "sudo apt-get install nodejs npm";
    }
}
