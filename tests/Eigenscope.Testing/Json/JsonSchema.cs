using System.Text.Json;
using System.Text.RegularExpressions;

namespace Eigenscope.Testing.Json;

/// <summary>
/// A checker for the part of JSON Schema 2020-12 that the published schemas use. A keyword it does not know is refused when the schema is read,
/// so that no rule is ever skipped in silence. Numbers of a document must be finite as doubles (<c>1e999</c> is an error).
/// </summary>
public sealed class JsonSchema
{
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples"];
    private static readonly HashSet<string> Keywords =
    [
        "$ref", "type", "enum", "const", "properties", "patternProperties", "additionalProperties", "required", "items", "minItems", "maxItems",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "pattern", "minLength", "anyOf", "oneOf", "allOf",
    ];

    private readonly JsonElement _root;

    private JsonSchema(JsonElement root)
    {
        _root = root;
    }

    /// <summary>Reads a schema and checks that every keyword in it is one this class applies.</summary>
    /// <param name="text">The schema as JSON.</param>
    /// <returns>The schema.</returns>
    /// <exception cref="NotSupportedException">An unknown keyword, or a reference that is not <c>#/$defs/name</c> of this schema.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static JsonSchema Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        JsonSchema schema = new(document.RootElement.Clone());
        schema.RequireKnownKeywords(schema._root, "#");
        return schema;
    }

    /// <summary>Checks a document.</summary>
    /// <param name="document">The document's root.</param>
    /// <returns>Every violation as "path: what was expected, what came"; empty when the document conforms.</returns>
    public IReadOnlyList<string> Validate(JsonElement document)
    {
        List<string> errors = [];
        Check(_root, document, "$", errors);
        return errors;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (schema.ValueKind == JsonValueKind.True)
            return;
        if (schema.ValueKind == JsonValueKind.False)
        {
            errors.Add($"{path}: nothing is allowed here");
            return;
        }
        if (schema.TryGetProperty("$ref", out JsonElement reference))
            Check(Resolve(reference.GetString()!), value, path, errors);
        CheckKind(schema, value, path, errors);
        CheckCombinations(schema, value, path, errors);
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                CheckNumber(schema, value, path, errors);
                break;
            case JsonValueKind.String:
                CheckString(schema, value.GetString()!, path, errors);
                break;
            case JsonValueKind.Array:
                CheckArray(schema, value, path, errors);
                break;
            case JsonValueKind.Object:
                CheckObject(schema, value, path, errors);
                break;
        }
    }

    private static void CheckKind(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (schema.TryGetProperty("type", out JsonElement type) && !Alternatives(type).Any(name => IsOfType(value, name.GetString()!)))
            errors.Add($"{path}: expected {string.Join(" or ", Alternatives(type))}, got {Show(value)}");
        if (schema.TryGetProperty("enum", out JsonElement allowed) && !allowed.EnumerateArray().Any(candidate => JsonElement.DeepEquals(candidate, value)))
            errors.Add($"{path}: expected one of {allowed.GetRawText()}, got {Show(value)}");
        if (schema.TryGetProperty("const", out JsonElement constant) && !JsonElement.DeepEquals(constant, value))
            errors.Add($"{path}: expected {constant.GetRawText()}, got {Show(value)}");
    }

    private static IEnumerable<JsonElement> Alternatives(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray() : [type];

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        _ => throw new NotSupportedException($"unknown type \"{type}\" in the schema"),
    };

    private void CheckCombinations(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (schema.TryGetProperty("allOf", out JsonElement all))
        {
            foreach (JsonElement part in all.EnumerateArray())
                Check(part, value, path, errors);
        }
        if (schema.TryGetProperty("anyOf", out JsonElement any))
            RequireMatches(any, value, path, "at least one", count => count >= 1, errors);
        if (schema.TryGetProperty("oneOf", out JsonElement one))
            RequireMatches(one, value, path, "exactly one", count => count == 1, errors);
    }

    private void RequireMatches(JsonElement alternatives, JsonElement value, string path, string wanted, Func<int, bool> isEnough, List<string> errors)
    {
        List<List<string>> attempts = [];
        foreach (JsonElement alternative in alternatives.EnumerateArray())
        {
            List<string> attempt = [];
            Check(alternative, value, path, attempt);
            attempts.Add(attempt);
        }
        int matches = attempts.Count(attempt => attempt.Count == 0);
        if (isEnough(matches))
            return;
        errors.Add($"{path}: {wanted} of {attempts.Count} alternatives must hold, {matches} do");
        // The alternative that came closest is the one that was meant.
        if (matches == 0)
            errors.AddRange(attempts.MinBy(attempt => attempt.Count) ?? []);
    }

    private static void CheckNumber(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        double number = value.GetDouble();
        if (!double.IsFinite(number))
            errors.Add($"{path}: expected a finite number, got {Show(value)}");
        if (schema.TryGetProperty("minimum", out JsonElement minimum) && !(number >= minimum.GetDouble()))
            errors.Add($"{path}: expected at least {minimum}, got {Show(value)}");
        if (schema.TryGetProperty("maximum", out JsonElement maximum) && !(number <= maximum.GetDouble()))
            errors.Add($"{path}: expected at most {maximum}, got {Show(value)}");
        if (schema.TryGetProperty("exclusiveMinimum", out JsonElement below) && !(number > below.GetDouble()))
            errors.Add($"{path}: expected more than {below}, got {Show(value)}");
        if (schema.TryGetProperty("exclusiveMaximum", out JsonElement above) && !(number < above.GetDouble()))
            errors.Add($"{path}: expected less than {above}, got {Show(value)}");
    }

    private static void CheckString(JsonElement schema, string value, string path, List<string> errors)
    {
        if (schema.TryGetProperty("minLength", out JsonElement length) && value.EnumerateRunes().Count() < length.GetInt32())
            errors.Add($"{path}: expected at least {length} characters, got \"{value}\"");
        if (schema.TryGetProperty("pattern", out JsonElement pattern) && !IsMatch(value, pattern.GetString()!))
            errors.Add($"{path}: expected a match of /{pattern}/, got \"{value}\"");
    }

    private void CheckArray(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        int length = value.GetArrayLength();
        if (schema.TryGetProperty("minItems", out JsonElement least) && length < least.GetInt32())
            errors.Add($"{path}: expected at least {least} items, got {length}");
        if (schema.TryGetProperty("maxItems", out JsonElement most) && length > most.GetInt32())
            errors.Add($"{path}: expected at most {most} items, got {length}");
        if (!schema.TryGetProperty("items", out JsonElement items))
            return;
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
            Check(items, item, $"{path}[{index++}]", errors);
    }

    private void CheckObject(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
                errors.Add($"{path}: \"{name}\" is missing");
        }
        foreach (JsonProperty property in value.EnumerateObject())
            CheckProperty(schema, property, path, errors);
    }

    private void CheckProperty(JsonElement schema, JsonProperty property, string path, List<string> errors)
    {
        string inner = $"{path}.{property.Name}";
        bool known = false;
        if (schema.TryGetProperty("properties", out JsonElement properties) && properties.TryGetProperty(property.Name, out JsonElement declared))
        {
            known = true;
            Check(declared, property.Value, inner, errors);
        }
        if (schema.TryGetProperty("patternProperties", out JsonElement patterns))
        {
            foreach (JsonProperty pattern in patterns.EnumerateObject().Where(pattern => IsMatch(property.Name, pattern.Name)))
            {
                known = true;
                Check(pattern.Value, property.Value, inner, errors);
            }
        }
        if (known || !schema.TryGetProperty("additionalProperties", out JsonElement additional))
            return;
        if (additional.ValueKind == JsonValueKind.False)
            errors.Add($"{path}: \"{property.Name}\" is not a property of this shape");
        else
            Check(additional, property.Value, inner, errors);
    }

    private static bool IsMatch(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private JsonElement Resolve(string reference)
    {
        const string Prefix = "#/$defs/";
        if (reference.StartsWith(Prefix, StringComparison.Ordinal)
            && _root.TryGetProperty("$defs", out JsonElement definitions)
            && definitions.TryGetProperty(reference[Prefix.Length..], out JsonElement definition))
        {
            return definition;
        }
        throw new NotSupportedException($"the schema refers to \"{reference}\": only #/$defs/name of the same schema is supported, and the name must exist");
    }

    private void RequireKnownKeywords(JsonElement schema, string path)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return;
        if (schema.ValueKind != JsonValueKind.Object)
            throw new NotSupportedException($"{path}: a schema is an object or a boolean, not {Show(schema)}");
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            if (!Keywords.Contains(keyword.Name) && !Annotations.Contains(keyword.Name))
                throw new NotSupportedException($"{path}: the keyword \"{keyword.Name}\" is not supported");
            if (string.Equals(keyword.Name, "$ref", StringComparison.Ordinal))
                Resolve(keyword.Value.GetString()!);
            foreach ((string name, JsonElement inner) in Subschemas(keyword))
                RequireKnownKeywords(inner, $"{path}/{keyword.Name}{name}");
        }
    }

    private static IEnumerable<(string Path, JsonElement Schema)> Subschemas(JsonProperty keyword) => keyword.Name switch
    {
        "items" or "additionalProperties" => [("", keyword.Value)],
        "properties" or "patternProperties" or "$defs" => keyword.Value.EnumerateObject().Select(property => ($"/{property.Name}", property.Value)),
        "anyOf" or "oneOf" or "allOf" => keyword.Value.EnumerateArray().Select((schema, index) => ($"/{index}", schema)),
        _ => [],
    };

    private static string Show(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 60 ? text : $"{text[..57]}…";
    }
}
