using System.Security.Cryptography;
using System.Text;

namespace Eigenscope.Pages;

/// <summary>The script and the styles that every page carries.</summary>
internal sealed class PageBundle
{
    private PageBundle(string script, string style)
    {
        Script = script;
        Style = style;
        ScriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
    }

    /// <summary>Null when the library was built without them.</summary>
    public static PageBundle? Instance { get; } = Read("report.js") is { } script && Read("report.css") is { } style ? new PageBundle(script, style) : null;

    public string Script { get; }

    public string Style { get; }

    /// <summary>SHA-256 of the script in base 64, by which the page's policy knows it.</summary>
    public string ScriptHash { get; }

    // "</" occurs in strings of the script; escaped, it means the same there and does not end the element.
    private static string? Read(string name)
    {
        using Stream? stream = typeof(PageBundle).Assembly.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase).Replace("</style", "<\\/style", StringComparison.OrdinalIgnoreCase).TrimEnd('\n');
    }
}
