using System.Text;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Formats;

namespace Eigenscope.Pages;

/// <summary>
/// Writes a report as one HTML file that holds everything it needs: text and tables as HTML, figures as data with the script that draws them. Opening it loads nothing from anywhere, and its
/// content security policy forbids it to; text from the data (names, paths) is text, whatever characters it has.
/// </summary>
public static class HtmlPage
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Whether the script that draws was there when this library was built; without it nothing can be written.</summary>
    public static bool IsAvailable => PageBundle.Instance is not null;

    /// <summary>Writes a page. The same page gives the same bytes.</summary>
    /// <param name="page">The page.</param>
    /// <param name="stream">Where to write, as UTF-8; left open.</param>
    /// <exception cref="ArgumentNullException">The page or the stream is null.</exception>
    /// <exception cref="InvalidOperationException">The library was built without the script (<see cref="IsAvailable"/>).</exception>
    public static void Write(ReportPage page, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(stream);
        PageBundle bundle = PageBundle.Instance
            ?? throw new InvalidOperationException("this library was built without the script that draws pages: build it again where Node.js 18 or later and npm are installed");
        using StreamWriter writer = new(stream, Utf8, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        new PageMarkup(writer).Write(page, bundle);
    }

    /// <summary>Writes a page to a file, whole or not at all.</summary>
    /// <param name="page">The page.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="ArgumentException">The page is null, or the path is empty.</exception>
    /// <exception cref="InvalidOperationException">The library was built without the script (<see cref="IsAvailable"/>).</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission to write there.</exception>
    public static void Write(ReportPage page, string path) => AtomicFile.Write(path, stream => Write(page, stream));
}
