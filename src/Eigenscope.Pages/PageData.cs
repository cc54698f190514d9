using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Eigenscope.Experiments.Reports.Pages;

namespace Eigenscope.Pages;

/// <summary>The figures of a page as the JSON that its script reads. Characters that mean something in HTML are escaped, so that no string can end the element around it.</summary>
internal static class PageData
{
    private static readonly JsonSerializerOptions Options = Create();

    public static string Serialize(ReportPage page)
    {
        PageFigure[] figures = [.. page.Sections.SelectMany(Figures)];
        return JsonSerializer.Serialize(figures, Options);
    }

    private static IEnumerable<PageFigure> Figures(PageSection section) => section.Figures.Concat(section.Parts.SelectMany(Figures));

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        };
        options.Converters.Add(new ShortNumberConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Six digits are more than a figure shows, and a third of the bytes.</summary>
    private sealed class ShortNumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("pages are written, never read");

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), skipInputValidation: double.IsFinite(value));
    }
}
