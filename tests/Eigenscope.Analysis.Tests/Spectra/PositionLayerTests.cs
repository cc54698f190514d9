using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Spectra;

/// <summary>A dense layer that acts at several positions of a sample, as a transformer's do: no gradient of a sample is one outer product, and nothing may take it for one.</summary>
public sealed class PositionLayerTests
{
    private const int Classes = 3;
    private const int Count = 12;
    private const int Tokens = 3;
    private const int Width = 4;
    private static readonly ImportedModel Model = OnnxImport.Import(TokenModel());

    [Fact]
    public void Its_traces_are_those_of_the_matrices()
    {
        Assert.Equal([Tokens, 1], Model.Network.WeightLayers.Select(static layer => ((DenseLayer)layer).Positions));
        Linearization linearization = Problem();
        string[] scopes = [.. Model.Network.WeightLayers.Select(static layer => layer.Weight.Name), "all"];
        IReadOnlyList<Estimate> traces = GaussNewtonTraces.Measure(linearization, scopes, TestCompute.Instance, new RandomStream(1));
        for (int i = 0; i < scopes.Length; i++)
            Near.Equal(Trace(linearization.GaussNewton(scopes[i])), traces[i].Mean, 2000.0);
    }

    [Fact]
    public void Its_class_means_are_those_of_any_layer()
    {
        Linearization linearization = Problem();
        int[] labels = Labels();
        Assert.Contains(nameof(LayerClassMeans.MeasureStreamed), Assert.Throws<ArgumentException>(() => LayerClassMeans.Measure(linearization, 0, labels, Classes, TestCompute.Instance)).Message, StringComparison.Ordinal);
        LayerClassMeans means = LayerClassMeans.MeasureStreamed(linearization, [0], labels, Classes, [new Estimate(1.0, 0.0, 0)], TestCompute.Instance)[0];
        Tensor<double> rows = means.WeightRows(Model.Network.WeightLayers[0], TestCompute.Instance);
        // R_ck[o, i] = Σ over positions of B_ck at (position, o) times μ_c at (position, i).
        for (int c = 0; c < Classes; c++)
        {
            for (int k = 0; k < Classes; k++)
            {
                for (int entry = 0; entry < Width * Width; entry++)
                {
                    double expected = Enumerable.Range(0, Tokens).Sum(t => means.Jacobians.Row(c)[(k * Tokens * Width) + (t * Width) + (entry / Width)] * means.Features.Row(c)[(t * Width) + (entry % Width)]);
                    Assert.Equal(expected, rows.Row(c)[(k * Width * Width) + entry], 1e-14);
                }
            }
        }
    }

    private static double Trace(LinearOperator matrix)
    {
        double[] unit = new double[matrix.Columns], column = new double[matrix.Columns];
        double trace = 0.0;
        for (int j = 0; j < unit.Length; j++)
        {
            Array.Clear(unit);
            unit[j] = 1.0;
            matrix.Apply(unit, column);
            trace += column[j];
        }
        return trace;
    }

    private static int[] Labels() => [.. Enumerable.Range(0, Count).Select(static i => i % Classes)];

    private static Linearization Problem()
    {
        Tensor<double> inputs = new(Count, Tokens * Width);
        new RandomStream(5).FillNormal(inputs.Span, 1.0);
        return Objective.Create(Model.Network, inputs, Labels(), new CrossEntropy(), TestCompute.Instance, new ObjectiveOptions { SliceRows = 5 }).Linearize(Model.State);
    }

    // tanh(x A) at every token, the mean over tokens, and B.
    private static OnnxModel TokenModel() => new()
    {
        Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 17 },
        Graph = new OnnxGraph
        {
            Nodes =
            [
                new OnnxNode { Operator = "MatMul", Inputs = ["x", "tokens.weight"], Outputs = ["h"] },
                new OnnxNode { Operator = "Tanh", Inputs = ["h"], Outputs = ["t"] },
                new OnnxNode { Operator = "ReduceMean", Inputs = ["t"], Outputs = ["m"], Attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal) { ["axes"] = OnnxAttribute.Of([1L]), ["keepdims"] = OnnxAttribute.Of(0L) } },
                new OnnxNode { Operator = "MatMul", Inputs = ["m", "head.weight"], Outputs = ["z"] },
            ],
            Initializers = [Weight("tokens.weight", Width, Width), Weight("head.weight", Width, Classes)],
            Inputs = [Value("x", null, Tokens, Width)],
            Outputs = [Value("z", null, Classes)],
        },
    };

    private static OnnxTensor Weight(string name, int inputs, int outputs)
    {
        double[] values = new double[inputs * outputs];
        new RandomStream(9).Split(name).FillNormal(values, 0.7);
        return OnnxTensor.FromDoubles(name, [inputs, outputs], values, OnnxElement.Float64);
    }

    private static OnnxValue Value(string name, params long?[] extents) =>
        new() { Name = name, Element = OnnxElement.Float64, Shape = [.. extents.Select(static extent => new OnnxExtent(extent, extent is null ? "batch" : null))] };
}
