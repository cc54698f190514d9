using System.Text.Json;
using Eigenscope.Testing.Json;

namespace Eigenscope.House.Tests;

/// <summary>The promises of a result file beyond its schema, each on a document that breaks it.</summary>
public sealed class ResultDocumentTests
{
    [Theory]
    [InlineData("""{ "loss": 1, "result": { "nc1": null, "nc1Reason": "0/0" } }""")]
    [InlineData("""{ "config": { "testFraction": null } }""")]
    [InlineData("""{ "result": { "test": null } }""")]
    [InlineData("""{ "density": { "linear": null, "log": null } }""")]
    [InlineData("""{ "origins": { "classShares": [0.9, null], "classSharesReason": "0/0" } }""")]
    [InlineData("""{ "eigenvalues": [3, 1, 1, -2], "residuals": [0, 0, 0, 0], "smallest": [-2, 1], "smallestResiduals": [0, 0] }""")]
    public void A_document_that_keeps_the_promises_has_no_problems(string text) => Assert.Empty(Problems(text));

    [Theory]
    [InlineData("""{ "result": [{ "nc1": null }] }""", "$.result[0].nc1: null without \"nc1Reason\"")]
    [InlineData("""{ "classShares": [0.9, null] }""", "$.classShares: an entry is null without \"classSharesReason\"")]
    [InlineData("""{ "classShares": [0.9], "classSharesReason": "0/0" }""", "$.classSharesReason: a reason for something that is not null")]
    [InlineData("""{ "nc1": 0.5, "nc1Reason": "0/0" }""", "$.nc1Reason: a reason for something that is not null")]
    [InlineData("""{ "nc1Reason": "0/0" }""", "$.nc1Reason: a reason for something that is not null")]
    [InlineData("""{ "result": { "config": { "testFraction": null } } }""", "$.result.config.testFraction: null without \"testFractionReason\"")]
    [InlineData("""{ "weight": { "singularValues": [1, 2] } }""", "$.weight.singularValues: not in descending order")]
    [InlineData("""{ "smallest": [2, 1] }""", "$.smallest: not in ascending order")]
    [InlineData("""{ "eigenvalues": [2, 1], "residuals": [0] }""", "$: 2 eigenvalues, 1 residuals")]
    public void A_broken_promise_is_named(string text, string problem) => Assert.Equal([problem], Problems(text));

    private static IReadOnlyList<string> Problems(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return ResultDocument.Problems(document.RootElement);
    }
}
