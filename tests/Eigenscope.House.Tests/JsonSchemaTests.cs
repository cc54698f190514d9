using System.Text.Json;
using Eigenscope.Testing.Json;

namespace Eigenscope.House.Tests;

/// <summary>The schema checker against cases judged by hand from the specification.</summary>
public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{ "type": "number" }""", "1.5", true)]
    [InlineData("""{ "type": "number" }""", "\"1.5\"", false)]
    [InlineData("""{ "type": "integer" }""", "3", true)]
    [InlineData("""{ "type": "integer" }""", "3.0", true)]
    [InlineData("""{ "type": "integer" }""", "3.5", false)]
    [InlineData("""{ "type": ["number", "null"] }""", "null", true)]
    [InlineData("""{ "type": ["number", "null"] }""", "true", false)]
    [InlineData("""{ "type": "boolean" }""", "false", true)]
    [InlineData("""{ "type": "object" }""", "[]", false)]
    [InlineData("""{ "type": "array" }""", "[]", true)]
    [InlineData("true", "{}", true)]
    [InlineData("false", "{}", false)]
    public void Types_are_told_apart(string schema, string document, bool conforms) => Judge(schema, document, conforms);

    [Theory]
    [InlineData("""{ "enum": ["a", 1, null] }""", "1.0", true)]
    [InlineData("""{ "enum": ["a", 1, null] }""", "null", true)]
    [InlineData("""{ "enum": ["a", 1, null] }""", "\"b\"", false)]
    [InlineData("""{ "const": { "x": [1, 2] } }""", """{ "x": [1, 2] }""", true)]
    [InlineData("""{ "const": { "x": [1, 2] } }""", """{ "x": [2, 1] }""", false)]
    [InlineData("""{ "minimum": 0, "maximum": 1 }""", "0", true)]
    [InlineData("""{ "minimum": 0, "maximum": 1 }""", "1", true)]
    [InlineData("""{ "minimum": 0, "maximum": 1 }""", "-0.001", false)]
    [InlineData("""{ "minimum": 0, "maximum": 1 }""", "1.001", false)]
    [InlineData("""{ "minimum": 5 }""", "\"a string is not a number\"", true)]
    [InlineData("""{ "exclusiveMinimum": 0, "exclusiveMaximum": 1 }""", "0.5", true)]
    [InlineData("""{ "exclusiveMinimum": 0 }""", "0", false)]
    [InlineData("""{ "exclusiveMaximum": 1 }""", "1", false)]
    [InlineData("""{ "type": "number" }""", "1e999", false)]
    [InlineData("""{ "pattern": "^[a-z]+$" }""", "\"abc\"", true)]
    [InlineData("""{ "pattern": "^[a-z]+$" }""", "\"abc1\"", false)]
    [InlineData("""{ "pattern": "b" }""", "\"abc\"", true)]
    [InlineData("""{ "minLength": 2 }""", "\"é\"", false)]
    public void Values_are_bounded(string schema, string document, bool conforms) => Judge(schema, document, conforms);

    [Theory]
    [InlineData("""{ "items": { "type": "number" } }""", "[1, 2]", true)]
    [InlineData("""{ "items": { "type": "number" } }""", "[1, null]", false)]
    [InlineData("""{ "minItems": 1 }""", "[]", false)]
    [InlineData("""{ "maxItems": 1 }""", "[1, 2]", false)]
    [InlineData("""{ "required": ["a"] }""", """{ "a": null }""", true)]
    [InlineData("""{ "required": ["a"] }""", """{ "b": 1 }""", false)]
    [InlineData("""{ "properties": { "a": { "type": "string" } } }""", """{ "b": 1 }""", true)]
    [InlineData("""{ "properties": { "a": { "type": "string" } } }""", """{ "a": 1 }""", false)]
    [InlineData("""{ "properties": { "a": true }, "additionalProperties": false }""", """{ "a": 1 }""", true)]
    [InlineData("""{ "properties": { "a": true }, "additionalProperties": false }""", """{ "a": 1, "b": 2 }""", false)]
    [InlineData("""{ "additionalProperties": { "type": "number" } }""", """{ "x": 1, "y": "2" }""", false)]
    [InlineData("""{ "patternProperties": { "Reason$": { "type": "string" } }, "additionalProperties": false }""", """{ "nc1Reason": "0/0" }""", true)]
    [InlineData("""{ "patternProperties": { "Reason$": { "type": "string" } }, "additionalProperties": false }""", """{ "nc1Reason": 0 }""", false)]
    [InlineData("""{ "patternProperties": { "Reason$": { "type": "string" } }, "additionalProperties": false }""", """{ "nc1": "0/0" }""", false)]
    public void Arrays_and_objects_are_walked(string schema, string document, bool conforms) => Judge(schema, document, conforms);

    [Theory]
    [InlineData("""{ "anyOf": [{ "type": "null" }, { "minimum": 3 }] }""", "4", true)]
    [InlineData("""{ "anyOf": [{ "type": "null" }, { "minimum": 3 }] }""", "2", false)]
    [InlineData("""{ "oneOf": [{ "minimum": 1 }, { "minimum": 3 }] }""", "2", true)]
    [InlineData("""{ "oneOf": [{ "minimum": 1 }, { "minimum": 3 }] }""", "4", false)]
    [InlineData("""{ "allOf": [{ "minimum": 1 }, { "maximum": 3 }] }""", "4", false)]
    [InlineData("""{ "$defs": { "p": { "type": "number", "minimum": 0 } }, "$ref": "#/$defs/p", "maximum": 1 }""", "0.5", true)]
    [InlineData("""{ "$defs": { "p": { "type": "number", "minimum": 0 } }, "$ref": "#/$defs/p", "maximum": 1 }""", "-1", false)]
    [InlineData("""{ "$defs": { "p": { "type": "number", "minimum": 0 } }, "$ref": "#/$defs/p", "maximum": 1 }""", "2", false)]
    [InlineData("""{ "$defs": { "t": { "properties": { "next": { "$ref": "#/$defs/t" } }, "additionalProperties": false } }, "$ref": "#/$defs/t" }""", """{ "next": { "next": { "last": 1 } } }""", false)]
    public void Schemas_combine(string schema, string document, bool conforms) => Judge(schema, document, conforms);

    [Theory]
    [InlineData("""{ "if": true }""")]
    [InlineData("""{ "properties": { "a": { "minimun": 1 } } }""")]
    [InlineData("""{ "$ref": "#/$defs/missing" }""")]
    [InlineData("""{ "items": 3 }""")]
    public void A_schema_with_a_rule_that_would_be_skipped_is_refused(string schema) =>
        Assert.Throws<NotSupportedException>(() => JsonSchema.Parse(schema));

    [Fact]
    public void An_error_names_the_place_and_both_sides()
    {
        JsonSchema schema = JsonSchema.Parse("""{ "properties": { "layers": { "items": { "properties": { "rank": { "type": "integer" } } } } } }""");

        string error = Assert.Single(schema.Validate(Document("""{ "layers": [{ "rank": 1 }, { "rank": 1.5 }] }""")));

        Assert.Equal("$.layers[1].rank: expected integer, got 1.5", error);
    }

    private static void Judge(string schema, string document, bool conforms)
    {
        IReadOnlyList<string> errors = JsonSchema.Parse(schema).Validate(Document(document));

        Assert.True(conforms == (errors.Count == 0), $"{document} under {schema}: {string.Join("; ", errors)}");
    }

    private static JsonElement Document(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
