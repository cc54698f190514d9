namespace Eigenscope.Experiments.Runs;

/// <summary>The folder for cached data, partial results and checkpoints. Nothing is created until something is written.</summary>
/// <param name="Path">Its full path.</param>
public sealed record HomeFolder(string Path)
{
    private const string Name = "eigenscope";

    /// <summary>Folder of downloaded data sets.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    /// <summary>Folder of runs and of the results of interrupted ones.</summary>
    public string Runs => System.IO.Path.Combine(Path, "runs");

    /// <summary>Finds the folder.</summary>
    /// <param name="chosen">What the user chose (EIGENSCOPE_HOME); null or empty takes "eigenscope" in the user's data folder, and where a user has none, in the folder of temporary files.</param>
    /// <returns>The folder.</returns>
    public static HomeFolder Resolve(string? chosen)
    {
        if (!string.IsNullOrEmpty(chosen))
            return new HomeFolder(System.IO.Path.GetFullPath(chosen));
        string user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return new HomeFolder(System.IO.Path.Combine(user.Length > 0 ? user : System.IO.Path.GetTempPath(), Name));
    }

    /// <summary>A file for the result of a run that was interrupted: <c>runs/20260131T235959Z-study/report.json</c>, with -2, -3 … after the command where a run of the same second has taken the name.</summary>
    /// <param name="command">The command: "study".</param>
    /// <param name="time">The clock.</param>
    /// <returns>The file's path, in a folder that was created for it.</returns>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission to create it.</exception>
    public string CreateReportPath(string command, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentNullException.ThrowIfNull(time);
        string name = FormattableString.Invariant($"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{command.Replace(' ', '-')}");
        string folder = System.IO.Path.Combine(Runs, name);
        for (int copy = 2; Directory.Exists(folder); copy++)
            folder = System.IO.Path.Combine(Runs, FormattableString.Invariant($"{name}-{copy}"));
        Directory.CreateDirectory(folder);
        return System.IO.Path.Combine(folder, "report.json");
    }
}
