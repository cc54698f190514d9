namespace Eigenscope.Formats.Tests;

/// <summary>Files under <c>Data</c>, copied beside the tests.</summary>
internal static class TestData
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", name);
}
