using System.Text.Json;
using System.Text.Json.Nodes;
using Eigenscope.Testing.Json;

namespace Eigenscope.House.Tests;

/// <summary>The published schema accepts a document written by hand after docs/json.md, and refuses it with any one promise broken.</summary>
public sealed class PublishedSchemaTests
{
    private const string Doctor = """
        {
          "schema": "eigenscope/1", "command": "doctor", "version": "0.1.0",
          "environment": { "blas": "OpenBLAS 0.3.21 (Haswell)", "threads": 2, "precision": "float64", "machine": "x86-64" },
          "config": {}, "result": { "checks": [{ "name": "blas", "ok": true, "detail": "found" }] }
        }
        """;

    private const string Bench = """
        {
          "schema": "eigenscope/1", "command": "bench", "version": "0.1.0",
          "environment": { "blas": "managed", "threads": 2, "precision": "float32", "machine": "x86-64" },
          "config": { "model": null },
          "result": { "gemm": { "float32": 400.5, "float64": 170 }, "rows": [{ "model": "mlp-784-512x4-10", "operator": "hessian", "precision": "float32", "block": 8,
            "milliseconds": 55, "floorMilliseconds": 54, "ratioToFloor": 1.02, "ratioToGradient": null, "ratioToGradientReason": "not measured", "peakBytes": 1000 }] }
        }
        """;

    private const string Collapse = """
        {
          "nc1TraceRatio": 0.01, "nc1PseudoInverse": 0.01, "nc1PseudoInverseRank": 9, "nc1PseudoInverseCut": 1e-14, "nc1Cdnv": 0.01, "nc2Equinorm": 0.1, "nc2Equiangle": 0.1, "nc2SimplexDistance": 0.1, "nc2FrameDistance": 0.2,
          "nc3SelfDuality": null, "nc3SelfDualityReason": "only the last layer has one", "nc3FrameDuality": null, "nc3FrameDualityReason": "only the last layer has one",
          "nc3Alignment": 0.1, "nc4Agreement": 1, "tcv": 0.5, "classMeanNorms": [1, 1.1]
        }
        """;

    private const string Study = $$"""
        {
          "schema": "eigenscope/1", "command": "study", "version": "0.1.0",
          "environment": { "blas": "managed", "threads": 2, "precision": "float64", "machine": "x86-64" },
          "config": { "data": "digits", "testFraction": null },
          "result": {
            "loss": 0.01, "dataLoss": 0.009, "decayLoss": 0.001, "accuracy": 1, "gradientNorm": 1e-9, "stationarity": 1e-10, "parameters": 10, "converged": true, "iterations": 100, "measuredSamples": 100,
            "training": { "loss": 0.01, "accuracy": 0.99, "samples": 60000 },
            "test": null, "output": { "dimension": 10, "collapse": {{Collapse}}, "nc1StandardError": 0.001, "nc1Bias": -0.0001 }, "logitRank": 9,
            "attempts": [{ "initScale": 1, "learningRate": 0.15, "status": "finished", "epochs": 100, "loss": 0.01, "rank": 9, "isReported": true }],
            "layers": [{
              "name": "1", "kind": "dense",
              "input": { "dimension": 64, "collapse": {{Collapse}}, "secondMoment": [2, 1], "covariance": [1, 0.5], "nc1StandardError": null, "nc1StandardErrorReason": "the class means coincide in a resampling", "nc1Bias": null, "nc1BiasReason": "the class means coincide in a resampling" },
              "weight": { "parameter": "1.weight", "shape": [128, 64], "singularValues": [2, 1], "stableRank": 1.5, "numericalRank": 2, "effectiveRank": 1.9, "rankKDistance": 0 },
              "gradient": { "singularValues": [1e-3, 1e-4], "alignmentTopK": null, "alignmentTopKReason": "the gradient is zero", "alignmentTopK2": 0.9 },
              "agop": { "eigenvalues": [1, 0.1], "trace": 1.1, "isCentred": false }, "nfa": { "pearson": 0.9, "cosine": 0.95, "exponent": 0.5 }, "nfaChange": { "pearson": -0.1, "cosine": 0.05, "exponent": 0.5 },
              "collapseSteps": { "base": 1, "right": 0.5, "left": 0.4 },
              "predicted": {
                "weight": { "singularValues": [2, 1], "maxRelativeError": 0.1, "leftOverlap": 0.9, "rightOverlap": 0.8, "overlapUsed": 2 },
                "secondMoment": { "eigenvalues": [2], "maxRelativeError": 0.5, "explainedTrace": 0.6 }, "covariance": { "eigenvalues": [1], "maxRelativeError": 0.5, "explainedTrace": 0.6 },
                "gradient": { "share": null, "shareReason": "the gradient is zero", "pairedShare": 0.4 }, "backpropagated": { "eigenvalues": [], "maxRelativeError": 1, "explainedTrace": 0 } },
              "papyan": {
                "trace": 3, "withinClass": { "rank": 0, "trace": -1e-17, "eigenvalues": [0] }, "crossClass": { "rank": 2, "trace": 2, "eigenvalues": [1, 1] },
                "class": { "rank": null, "rankReason": "too many samples", "trace": 1 }, "classCrossCosine": 0 } },
              {
              "name": "stage1.0.conv1", "kind": "convolution",
              "input": { "dimension": 784, "collapse": {{Collapse}}, "secondMoment": [2, 1], "covariance": [1, 0.5] },
              "weight": { "parameter": "stage1.0.conv1.weight", "shape": [16, 3, 3, 8], "singularValues": [2, 1], "stableRank": 1.5, "numericalRank": 2, "effectiveRank": 1.9, "rankKDistance": 0 },
              "gradient": { "singularValues": [1e-3, 1e-4], "alignmentTopK": 0.8, "alignmentTopK2": 0.9 },
              "agop": { "eigenvalues": [1, 0.1], "trace": 2, "isCentred": true, "residuals": [1e-9, 1e-8], "status": "converged", "message": "converged" },
              "nfaChange": { "pearson": null, "pearsonReason": "dense layers only", "cosine": null, "cosineReason": "dense layers only", "exponent": 0.5 }, "nfa": { "pearson": null, "pearsonReason": "dense layers only", "cosine": null, "cosineReason": "dense layers only", "exponent": 0.5 },
              "collapseSteps": { "base": 1, "right": null, "rightReason": "dense layers only", "left": null, "leftReason": "dense layers only" } }],
            "papyan": {
              "trace": 3, "traceStandardError": 0.1, "withinClass": { "rank": null, "rankReason": "the list ends above zero", "trace": 0.2, "eigenvalues": [0.1], "traceStandardError": 0.01, "status": "converged", "residuals": [1e-4], "tolerance": 1e-3 },
              "crossClass": { "rank": 2, "trace": 2, "eigenvalues": [1, 1] }, "class": { "rank": 2, "trace": 0.8 }, "classCrossCosine": null, "classCrossCosineReason": "a part is zero" },
            "spectra": [{
              "operator": "hessian", "scope": "1.weight", "dimension": 8192, "samples": 1797, "includesWeightDecay": false, "eigenvalues": [1, 1, 0.5], "residuals": [1e-9, 1e-9, 1e-9],
              "multiplicities": [{ "value": 1, "count": 2 }, { "value": 0.5, "count": 1 }], "multiplicityTolerance": 1e-8, "status": "converged", "operatorApplications": 40,
              "eigenvalueStandardErrors": [0.1, 0.1], "eigenvalueBiases": [0.01, -0.02], "eigenvalueSplits": 4,
              "origins": {
                "origins": ["class", "cross-class", "network-curvature"], "classShares": [0.9, 0.1, null], "classSharesReason": "null space", "crossClassShares": [0.1, 0.8, null], "crossClassSharesReason": "null space",
                "withinClassShares": [0, 0.1, null], "withinClassSharesReason": "null space",
                "outliers": { "class": 1, "crossClass": 0, "withinClass": 0, "mixed": 0, "networkCurvature": 0, "total": 1 }, "miniBulk": { "class": 0, "crossClass": 1, "withinClass": 0, "mixed": 0, "networkCurvature": 1, "total": 2 } },
              "density": {
                "nodes": [-0.1, 0.2], "weights": [0.5, 0.4], "lines": [1], "totalMass": 1, "probes": 10, "steps": 64, "confidence": 0.9, "operatorApplications": 640,
                "linear": { "kernelWidth": 0.1, "values": [-1, 0, 1], "density": [0, 1, 0], "halfWidth": [0, 0.1, 0], "stepChange": [0, 0.01, 0] },
                "log": { "kernelWidth": 0.1, "linearThreshold": 1e-6, "values": [-1, 0, 1], "density": [0, 1, 0], "halfWidth": [0, 0.1, 0], "stepChange": [0, 0.01, 0] } },
              "predicted": { "source": "class-means", "groups": [{ "value": 1, "count": 2 }], "relativeErrors": [0, 0], "maxRelativeError": 0, "subspaceOverlap": 0.9, "subspaceOverlapUsed": 2, "explainedTrace": 0.8 } },
              { "operator": "fisher", "scope": "all", "sameAs": "gauss-newton", "dimension": 10, "samples": 100, "includesWeightDecay": true, "eigenvalues": [1], "residuals": [0], "multiplicities": [], "multiplicityTolerance": 1e-8,
                "status": "converged", "operatorApplications": 4, "eigenvalueStandardErrors": null, "eigenvalueStandardErrorsReason": "interrupted", "eigenvalueBiases": null, "eigenvalueBiasesReason": "interrupted", "density": { "nodes": [], "weights": [], "lines": [1], "totalMass": 1, "probes": 0, "steps": 64, "confidence": 0.9, "operatorApplications": 0, "linear": null, "log": null } }],
            "trajectory": [{ "epoch": 0, "step": 0, "seconds": 0.1, "loss": 1, "dataLoss": 0.9, "accuracy": 0.1, "layers": [], "spectra": [{
              "operator": "hessian", "scope": "all", "eigenvalues": [3, 2], "status": "converged", "alignmentTopK": 0.5, "alignmentTopK2": 0.7, "alignmentTopKUsed": 10,
              "overlapWithPrevious": null, "overlapWithPreviousReason": "the first measurement",
              "overlapWithPrediction": 0.8, "overlapWithPredictionUsed": 9 }] }]
          }
        }
        """;

    private const string DeepRfm = """
        { "schema": "eigenscope/1", "version": "0.1.0", "environment": { "blas": "managed", "threads": 1, "precision": "float64", "machine": "x64" }, "config": {}, "command": "deep-rfm", "result": { "samples": 9, "testSamples": 0, "converged": true, "partial": false, "metricFrom": "the mean", "layers": [{
          "layer": 1, "dimension": 4, "stages": { "x": { "nc1TraceRatio": 1, "nc1PseudoInverse": 1, "nc1PseudoInverseRank": 1, "nc1PseudoInverseCut": 0, "nc1Cdnv": 1, "nc2Equinorm": 0, "nc2Equiangle": 0, "nc2SimplexDistance": 0, "nc2FrameDistance": 0, "nc3SelfDuality": 0, "nc3FrameDuality": 0, "nc3Alignment": 0, "nc4Agreement": 1, "tcv": 1, "classMeanNorms": [1] }, "mx": { "nc1TraceRatio": 1, "nc1PseudoInverse": 1, "nc1PseudoInverseRank": 1, "nc1PseudoInverseCut": 0, "nc1Cdnv": 1, "nc2Equinorm": 0, "nc2Equiangle": 0, "nc2SimplexDistance": 0, "nc2FrameDistance": 0, "nc3SelfDuality": 0, "nc3FrameDuality": 0, "nc3Alignment": 0, "nc4Agreement": 1, "tcv": 1, "classMeanNorms": [1] }, "phi": { "nc1TraceRatio": 1, "nc1PseudoInverse": 1, "nc1PseudoInverseRank": 1, "nc1PseudoInverseCut": 0, "nc1Cdnv": 1, "nc2Equinorm": 0, "nc2Equiangle": 0, "nc2SimplexDistance": 0, "nc2FrameDistance": 0, "nc3SelfDuality": 0, "nc3FrameDuality": 0, "nc3Alignment": 0, "nc4Agreement": 1, "tcv": 1, "classMeanNorms": [1] } },
          "factors": { "root": 0.5, "features": 1.5 }, "agop": { "eigenvalues": [2, 1], "trace": 3, "isCentred": false }, "trainAccuracy": 1, "testAccuracy": null, "testAccuracyReason": "no test data",
          "trainLoss": 0, "testLoss": null, "testLossReason": "no test data", "solver": { "method": "cholesky", "iterations": 0, "relativeResidual": null, "relativeResidualReason": "a factorisation", "status": "converged", "message": "", "distances": { "pairs": 9, "recomputed": 3, "relativeErrorBound": 1e-10 } }, "seconds": 0.5 }] } }
        """;

    private const string Rfm = """
        { "schema": "eigenscope/1", "version": "0.1.0", "environment": { "blas": "managed", "threads": 1, "precision": "float64", "machine": "x64" }, "config": {}, "command": "rfm", "result": { "task": "classification", "samples": 9, "validationSamples": 0, "testSamples": 5, "testSamplesSeen": 0, "dimension": 2, "outputs": 2, "best": 0,
          "ending": "finished", "message": "all iterations were made", "converged": true, "partial": false, "metricFrom": "the mean", "agop": { "eigenvalues": [2, 1], "trace": 3, "isCentred": false }, "agopDiagonal": [1, 2], "iterations": [{
          "iteration": 0, "trainError": 0, "testError": 0.2, "testErrorStandardError": 0.18, "validationError": null, "validationErrorReason": "none", "trainLoss": 0, "testLoss": 0.1,
          "validationLoss": null, "validationLossReason": "none", "solver": { "method": "cholesky", "iterations": 0, "relativeResidual": null, "relativeResidualReason": "a factorisation", "status": "converged", "message": "", "distances": { "pairs": 9, "recomputed": 3, "relativeErrorBound": 1e-10 } }, "seconds": 0.5 }] } }
        """;

    private const string Compress = """
        { "schema": "eigenscope/1", "version": "0.1.0", "environment": { "blas": "managed", "threads": 1, "precision": "float64", "machine": "x64" }, "config": { "rank": null }, "command": "compress", "result": {
          "rule": "max-accuracy-drop", "heldOut": true, "testSamples": 100, "accuracyBefore": 0.99, "accuracyTruncated": 0.97, "accuracyAfter": 0.98, "accuracyDrop": 0.01, "standardError": 0.01, "lost": 2, "gained": 1,
          "parametersBefore": 1000, "parametersAfter": 100, "parametersKept": 0.1, "singularValuesKept": 0.2, "flopsBefore": 2000, "flopsAfter": 200,
          "time": { "rounds": 7, "samples": 100, "before": { "median": 2, "least": 1, "most": 3 }, "after": { "median": 1, "least": 1, "most": 1.5 } }, "predictedRank": 10,
          "search": { "allowedDrop": 0.01, "validationSamples": 50, "tried": 12, "accuracyBefore": 1, "accuracyAfter": 0.99, "standardError": 0.01, "holds": true },
          "fineTuning": { "epochs": 3, "learningRate": 0.01, "status": "finished" },
          "layers": [{ "name": "1", "kind": "dense", "shape": [20, 50], "rankBefore": 20, "rankAfter": 1, "factored": true, "numericalRank": 12, "parametersBefore": 1000, "parametersAfter": 70, "energyKept": 0.9,
            "truncationError": 0.5, "eckartYoungError": 0.5, "relativeError": null, "relativeErrorReason": "the weight is zero", "predictedRank": 10, "predictedError": 0.1, "relativePredictedError": 0.05, "singularValues": [3, 0.5] }],
          "curve": [{ "rank": 1, "parameters": 70, "parametersKept": 0.07, "singularValuesKept": 0.05, "accuracy": 0.5 }], "partial": false } }
        """;

    private static readonly JsonSchema Schema = JsonSchema.Parse(Repository.Read("docs/schema/eigenscope-1.schema.json"));

    [Theory]
    [InlineData(Doctor)]
    [InlineData(Bench)]
    [InlineData(Study)]
    [InlineData(DeepRfm)]
    [InlineData(Rfm)]
    [InlineData(Compress)]
    public void A_document_that_follows_the_reference_conforms(string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document);

        Assert.Empty(Schema.Validate(parsed.RootElement));
        Assert.Empty(ResultDocument.Problems(parsed.RootElement));
    }

    [Theory]
    [InlineData(Doctor, "schema", "\"eigenscope/2\"")]
    [InlineData(Doctor, "command", "\"study\"")]
    [InlineData(Doctor, "command", "\"ufm\"")]
    [InlineData(Doctor, "extra", "1")]
    [InlineData(Doctor, "environment/threads", "0")]
    [InlineData(Doctor, "result/checks/0/ok", "\"yes\"")]
    [InlineData(Bench, "result/gemm/float32", "null")]
    [InlineData(Bench, "result/rows/0/peakBytes", "1.5")]
    [InlineData(Study, "result/accuracy", "1.01")]
    [InlineData(Study, "result/layers", "[]")]
    [InlineData(Study, "result/layers/0/input/dimension", "\"64\"")]
    [InlineData(Study, "result/layers/1/kind", "\"pool\"")]
    [InlineData(Study, "result/layers/1/weight/shape", "[16, 3, 3, 8, 2]")]
    [InlineData(Study, "result/measuredSamples", "0")]
    [InlineData(Study, "result/training/accuracy", "1.5")]
    [InlineData(Study, "result/papyan/withinClass/traceStandardError", "-1")]
    [InlineData(Study, "result/papyan/withinClass/residuals", "[-1e-4]")]
    [InlineData(Study, "result/spectra/0/eigenvalueStandardErrors", "[-0.1]")]
    [InlineData(Study, "result/spectra/0/eigenvalueSplits", "0")]
    [InlineData(Study, "result/output/nc1StandardError", "-0.1")]
    [InlineData(Study, "result/spectra/0/origins/origins", "[\"bulk\"]")]
    [InlineData(Study, "result/spectra/0/origins/miniBulk/mixed", "0.5")]
    [InlineData(Study, "result/spectra/0/origins/classShares", "[1.5]")]
    [InlineData(Study, "result/spectra/0/density/log/kernelWidth", "0")]
    [InlineData(Study, "result/spectra/0/density/weights", "[-0.1]")]
    [InlineData(Study, "result/spectra/0/density/bandwidth", "1")]
    [InlineData(Study, "result/spectra/1/sameAs", "\"kfac\"")]
    [InlineData(Study, "result/layers/0/input/collapse/nc1TraceRatio", "-1")]
    [InlineData(Study, "result/layers/0/weight/singularValues", "[2, null]")]
    [InlineData(Study, "result/layers/0/weight/numericalRank", "2.5")]
    [InlineData(Study, "result/spectra/0/status", "\"Converged\"")]
    [InlineData(Study, "result/spectra/0/residuals", "[-1e-9]")]
    [InlineData(Study, "result/spectra/0/multiplicities/0/count", "0")]
    [InlineData(Study, "result/spectra/0/operator", "\"kfac\"")]
    [InlineData(Study, "result/spectra/0/predicted/source", "\"guess\"")]
    [InlineData(Study, "result/spectra/0/predicted/subspaceOverlap", "1.5")]
    [InlineData(Study, "result/layers/0/predicted/gradient/share", "-0.1")]
    [InlineData(Study, "result/layers/0/papyan/crossClass/rank", "0.5")]
    [InlineData(Study, "result/trajectory/0/epoch", "-1")]
    [InlineData(Study, "result/trajectory/0/NC1", "1")]
    [InlineData(DeepRfm, "result/layers", "[]")]
    [InlineData(DeepRfm, "result/layers/0/layer", "0")]
    [InlineData(DeepRfm, "result/layers/0/stages/w", "{}")]
    [InlineData(DeepRfm, "result/layers/0/trainAccuracy", "1.5")]
    [InlineData(DeepRfm, "result/layers/0/solver/method", "\"Cholesky\"")]
    [InlineData(Rfm, "result/iterations", "[]")]
    [InlineData(Rfm, "result/iterations/0/testError", "-0.1")]
    [InlineData(Rfm, "result/ending", "\"done\"")]
    [InlineData(Rfm, "result/agopDiagonal", "[-1]")]
    [InlineData(Compress, "result/rule", "\"guess\"")]
    [InlineData(Compress, "result/accuracyDrop", "2")]
    [InlineData(Compress, "result/layers/0/rankAfter", "0")]
    [InlineData(Compress, "result/time/before/median", "-1")]
    [InlineData(Compress, "result/search/holds", "null")]
    public void A_broken_promise_is_refused(string document, string place, string value)
    {
        JsonNode root = JsonNode.Parse(document)!;
        string[] steps = place.Split('/');
        JsonNode owner = steps[..^1].Aggregate(root, (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);
        owner[steps[^1]] = JsonNode.Parse(value);
        using JsonDocument broken = JsonDocument.Parse(root.ToJsonString());

        Assert.NotEmpty(Schema.Validate(broken.RootElement));
    }

    [Theory]
    [InlineData(Study, "result/loss")]
    [InlineData(Study, "result/layers/0/input/secondMoment")]
    [InlineData(Study, "result/layers/0/weight/singularValues")]
    [InlineData(Study, "result/spectra/0/residuals")]
    [InlineData(Study, "result/measuredSamples")]
    [InlineData(Study, "result/spectra/0/density/totalMass")]
    [InlineData(Study, "result/spectra/0/origins/outliers/total")]
    [InlineData(Bench, "result/rows/0/ratioToFloor")]
    [InlineData(Doctor, "environment")]
    [InlineData(DeepRfm, "result/layers/0/stages/mx")]
    [InlineData(DeepRfm, "result/layers/0/agop/trace")]
    [InlineData(DeepRfm, "result/partial")]
    [InlineData(Rfm, "result/partial")]
    [InlineData(Compress, "result/standardError")]
    [InlineData(Compress, "result/layers/0/eckartYoungError")]
    [InlineData(Compress, "result/time/after/most")]
    [InlineData(Rfm, "result/agopDiagonal")]
    [InlineData(Rfm, "result/iterations/0/testErrorStandardError")]
    public void A_missing_field_is_refused(string document, string place)
    {
        JsonNode root = JsonNode.Parse(document)!;
        string[] steps = place.Split('/');
        JsonNode owner = steps[..^1].Aggregate(root, (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);
        Assert.True(owner.AsObject().Remove(steps[^1]));
        using JsonDocument broken = JsonDocument.Parse(root.ToJsonString());

        Assert.NotEmpty(Schema.Validate(broken.RootElement));
    }
}
