using System.Text.Json;

namespace Eigenscope.Testing.Json;

/// <summary>The schema in <c>docs/schema</c>, read from the checkout that the tests were built in.</summary>
public static class PublishedSchema
{
    private static readonly Lazy<JsonSchema> Schema = new(static () => JsonSchema.Parse(File.ReadAllText(Locate())));

    /// <summary>What is wrong with a result file: violations of the schema, and of the promises it cannot state.</summary>
    /// <param name="document">The document's root.</param>
    /// <returns>One line for each; empty when the document keeps every promise.</returns>
    public static IReadOnlyList<string> Problems(JsonElement document) => [.. Schema.Value.Validate(document), .. ResultDocument.Problems(document)];

    private static string Locate()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "docs", "schema", "eigenscope-1.schema.json");
            if (File.Exists(path))
                return path;
        }
        throw new InvalidOperationException($"no docs/schema/eigenscope-1.schema.json above {AppContext.BaseDirectory}: run the tests from a checkout");
    }
}
