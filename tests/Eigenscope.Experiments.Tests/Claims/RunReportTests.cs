using System.Text.Json;
using Eigenscope.Experiments.Claims;

namespace Eigenscope.Experiments.Tests.Claims;

/// <summary>Numbers of a report by their paths.</summary>
public sealed class RunReportTests : IDisposable
{
    private readonly JsonDocument _document = JsonDocument.Parse("""
        { "result": {
          "loss": 0.5, "undefined": null, "undefinedReason": "said", "flag": true,
          "layers": [ { "name": "a", "weight": { "singularValues": [3, 2, null] } }, { "name": "b", "weight": { "singularValues": [1] } } ],
          "grid": [[1, 2], [3, 4]],
          "spectra": [
            { "operator": "hessian", "scope": "all", "includesWeightDecay": false, "eigenvalues": [9, 8] },
            { "operator": "hessian", "scope": "all", "includesWeightDecay": true, "eigenvalues": [7] } ] } }
        """);

    private RunReport Report => new(_document.RootElement);

    public void Dispose() => _document.Dispose();

    [Fact]
    public void Paths_lead_through_objects_and_lists()
    {
        Assert.Equal(0.5, Report.Number("loss"));
        Assert.Equal(2.0, Report.Number("layers[0].weight.singularValues[1]"));
        Assert.Equal("b", Report.Text("layers[-1].name"));
        Assert.Equal(3.0, Report.Number("grid[1][0]"));
        Assert.Equal([3.0, 2.0, null], Report.Numbers("layers[0].weight.singularValues"));
        Assert.Equal([("a", 3.0), ("b", 1.0)], Report.Each("layers", "weight.singularValues[0]"));
        Assert.True(Report.Flag("flag"));
    }

    [Theory]
    [InlineData("undefined")]
    [InlineData("nowhere")]
    [InlineData("loss.further")]
    [InlineData("loss[0]")]
    [InlineData("layers[2].name")]
    [InlineData("layers[-3].name")]
    [InlineData("layers")]
    public void What_is_not_there_is_no_number(string path) => Assert.Null(Report.Number(path));

    [Fact]
    public void Spectra_of_the_loss_and_of_the_objective_are_told_apart()
    {
        Assert.Equal([9.0, 8.0], Report.Eigenvalues("hessian", "all"));
        Assert.Equal("spectra[1]", Report.Spectrum("hessian", "all", withDecay: true));
        Assert.Null(Report.Spectrum("gauss-newton", "all"));
        Assert.Empty(Report.Eigenvalues("hessian", "none"));
    }
}
