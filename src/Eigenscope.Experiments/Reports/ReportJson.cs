using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Eigenscope.Formats;

namespace Eigenscope.Experiments.Reports;

/// <summary>
/// A report as JSON, shape "eigenscope/1": camel-case names, invariant numbers, finite ones only. A number without a value is null, with its reason beside it under the same name
/// followed by "Reason"; lists of numbers stand on one line.
/// </summary>
public static class ReportJson
{
    private static readonly JsonSerializerOptions Options = CreateOptions();

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="stream">Where to write, as UTF-8; left open.</param>
    public static void Write(Report report, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stream);
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = Options.Encoder });
        writer.WriteStartObject();
        writer.WriteString("schema", report.Schema);
        writer.WriteString("command", report.Command);
        writer.WriteString("version", report.Version);
        WriteEnvironment(writer, report.Environment);
        writer.WritePropertyName("config");
        JsonSerializer.Serialize(writer, report.Config, Options);
        writer.WritePropertyName("result");
        JsonSerializer.Serialize(writer, report.Result, report.Result.GetType(), Options);
        writer.WriteEndObject();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Writes a report to a file, whole or not at all.</summary>
    /// <param name="report">The report.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission to write there.</exception>
    public static void Write(Report report, string path) => AtomicFile.Write(path, stream => Write(report, stream));

    private static void WriteEnvironment(Utf8JsonWriter writer, RunEnvironment environment)
    {
        writer.WriteStartObject("environment");
        writer.WriteString("blas", environment.Blas);
        // Not "…Reason": that name is for what is null.
        if (environment.BlasFallbackReason is { } reason)
            writer.WriteString("blasFallback", reason);
        writer.WriteNumber("threads", environment.Threads);
        writer.WriteString("precision", environment.Precision);
        writer.WriteString("machine", environment.Machine);
        writer.WriteString("framework", environment.Framework);
        writer.WriteEndObject();
    }

    private static JsonSerializerOptions CreateOptions()
    {
        DefaultJsonTypeInfoResolver resolver = new();
        resolver.Modifiers.Add(UndefinedNumbers.AddReasons);
        JsonSerializerOptions options = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            // Greek letters and dots stay readable; the file is not pasted into a web page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = resolver,
            WriteIndented = true,
            NewLine = "\n",
        };
        options.Converters.Add(new FiniteDoubleConverter());
        options.Converters.Add(new NumberConverter());
        options.Converters.Add(new NumberListConverterFactory());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }
}
