using System.Text.Json;
using System.Text.Json.Nodes;
using Eigenscope.Testing.Json;

namespace Eigenscope.House.Tests;

/// <summary>The published schema of sweeps and of the store of runs, on documents written by hand after docs/json.md.</summary>
public sealed class SweepSchemaTests
{
    private const string Head = """ "schema": "eigenscope/1", "version": "0.1.0", "environment": { "blas": "managed", "threads": 1, "precision": "float64", "machine": "x64" }, "config": {} """;

    private const string Facts = """
        { "loss": 0.1, "dataLoss": 0.09, "accuracy": 1, "stationarity": 1e-12, "converged": true, "ending": "dnc", "theoryLoss": 0.1, "classes": 3,
          "layers": [{ "name": "1", "stableRank": 2, "numericalRank": 2, "effectiveRank": 2, "rankKDistance": 0, "relativeRankKDistance": 0, "tcv": 1e-30, "nc1": 1e-30, "boundMiddle": 1e-16, "boundRight": 1e-14, "boundSlack": 1e-13 }] }
        """;

    private const string Sweep = $$"""
        { {{Head}}, "command": "sweep", "result": {
          "name": "s", "command": "ufm", "store": "store", "done": 1, "failed": 1, "missing": 1, "carriedOut": 0, "axes": [{ "option": "width", "values": ["4", "8"] }],
          "tcvBound": { "layers": 1, "held": 1, "heldWithoutSlack": 1, "rightHeld": 1, "largestShare": 0.5, "largestSlack": 2.5 },
          "cells": [
            { "options": { "width": "4" }, "runs": 2, "done": 1, "failed": 1, "missing": 0, "converged": 1, "classes": 3, "loss": { "mean": 0.1 }, "accuracy": { "mean": 1, "standardError": 0 }, "numericalRank": { "mean": 2 },
              "layers": [{ "name": "1", "numericalRank": { "mean": 2, "standardError": 0.5 }, "tcv": { "mean": 0.1 } }], "endings": [{ "ending": "dnc", "count": 1, "of": 1, "share": 1, "low": 0.2, "high": 1 }] },
            { "options": { "width": "8" }, "runs": 1, "done": 0, "failed": 0, "missing": 1, "converged": 0, "layers": [], "endings": [] }],
          "runs": [
            { "id": "0123456789abcdef", "name": "s", "options": { "width": "4" }, "seed": 0, "status": "done", "loss": 0.1, "seconds": 1.5, "facts": {{Facts}} },
            { "id": "0123456789abcde0", "name": "s", "options": { "width": "4" }, "seed": 1, "status": "failed", "error": "not finite", "loss": null, "lossReason": "the run failed", "seconds": 1.5 },
            { "id": "0123456789abcde1", "name": "s", "options": { "width": "8" }, "seed": 0, "status": "missing", "loss": null, "lossReason": "the run is missing", "seconds": null, "secondsReason": "the run is missing" }],
          "partial": false } }
        """;

    private const string List = $$"""
        { {{Head}}, "command": "runs list", "result": { "store": "store", "count": 1, "runs": [
          { "id": "0123456789abcdef", "command": "ufm", "name": "s", "options": {}, "seed": 0, "status": "done", "loss": 0.1, "accuracy": 1, "seconds": 2, "finished": "2026-01-31T23:59:58+00:00" }] } }
        """;

    private const string Show = $$"""
        { {{Head}}, "command": "runs show", "result": { "path": "store/runs/01", "run": {
          "format": 1, "id": "0123456789abcdef", "command": "ufm", "name": "s", "options": { "width": "4" }, "seed": 0, "threads": 1, "status": "done", "version": "0.1.0", "finished": "2026-01-31T23:59:58+00:00", "seconds": 2, "facts": {{Facts}},
          "files": [{ "name": "report.json", "bytes": 10, "sha256": "0000000000000000000000000000000000000000000000000000000000000000" }] } } }
        """;

    private const string Compare = $$"""
        { {{Head}}, "command": "runs compare", "result": { "store": "store", "differing": ["width"], "runs": [
          { "id": "0123456789abcdef", "command": "ufm", "name": "s", "differing": { "width": "4" }, "status": "done", "seconds": 2, "facts": {{Facts}} },
          { "id": "0123456789abcde0", "command": "ufm", "name": "s", "differing": {}, "status": "failed", "facts": { "converged": false, "layers": [] } }] } }
        """;

    private static readonly JsonSchema Schema = JsonSchema.Parse(Repository.Read("docs/schema/eigenscope-1.schema.json"));

    [Theory]
    [InlineData(Sweep)]
    [InlineData(List)]
    [InlineData(Show)]
    [InlineData(Compare)]
    public void A_document_that_follows_the_reference_conforms(string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document);

        Assert.Empty(Schema.Validate(parsed.RootElement));
        Assert.Empty(ResultDocument.Problems(parsed.RootElement));
    }

    [Theory]
    [InlineData("runs list", "runs delete", List)]
    [InlineData("runs show", "runs export", Show)]
    public void Deleting_and_exporting_say_what_listing_and_showing_do(string command, string other, string document) =>
        Assert.Empty(Errors(JsonNode.Parse(document.Replace($"\"{command}\"", $"\"{other}\"", StringComparison.Ordinal))!));

    [Theory]
    [InlineData(Sweep, "command", "\"runs list\"")]
    [InlineData(Sweep, "result/done", "-1")]
    [InlineData(Sweep, "result/axes/0/values", "[\"4\"]")]
    [InlineData(Sweep, "result/cells/0/loss", "0.1")]
    [InlineData(Sweep, "result/cells/0/accuracy/mean", "-0.5")]
    [InlineData(Sweep, "result/cells/0/accuracy/standardError", "-0.5")]
    [InlineData(Sweep, "result/cells/0/endings/0/high", "1.5")]
    [InlineData(Sweep, "result/cells/0/layers/0/rank", "2")]
    [InlineData(Sweep, "result/runs/0/status", "\"running\"")]
    [InlineData(Sweep, "result/runs/0/id", "\"1\"")]
    [InlineData(Sweep, "result/runs/0/facts/layers/0/numericalRank", "null")]
    [InlineData(Sweep, "result/tcvBound/largestShare", "-1")]
    [InlineData(List, "result/runs/0/status", "\"missing\"")]
    [InlineData(Show, "result/run/files/0/sha256", "\"00\"")]
    [InlineData(Compare, "result/runs", "[]")]
    [InlineData(Compare, "result/runs/1/differing", "{ \"width\": null }")]
    public void A_broken_promise_is_refused(string document, string place, string value)
    {
        JsonNode root = JsonNode.Parse(document)!;
        string[] steps = place.Split('/');
        Owner(root, steps)[steps[^1]] = JsonNode.Parse(value);

        Assert.NotEmpty(Errors(root));
    }

    [Theory]
    [InlineData(Sweep, "result/cells")]
    [InlineData(Sweep, "result/cells/1/missing")]
    [InlineData(Sweep, "result/runs/1/loss")]
    [InlineData(Sweep, "result/cells/0/endings/0/low")]
    [InlineData(List, "result/count")]
    [InlineData(Show, "result/run/version")]
    [InlineData(Compare, "result/runs/0/facts")]
    public void A_missing_field_is_refused(string document, string place)
    {
        JsonNode root = JsonNode.Parse(document)!;
        string[] steps = place.Split('/');
        Assert.True(Owner(root, steps).AsObject().Remove(steps[^1]));

        Assert.NotEmpty(Errors(root));
    }

    private static JsonNode Owner(JsonNode root, string[] steps) => steps[..^1].Aggregate(root, static (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);

    private static IReadOnlyList<string> Errors(JsonNode root)
    {
        using JsonDocument document = JsonDocument.Parse(root.ToJsonString());
        return Schema.Validate(document.RootElement);
    }
}
