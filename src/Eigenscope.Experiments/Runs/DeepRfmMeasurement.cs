using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Measures each layer of Deep RFM while it is at hand, and keeps what a report needs of it: nothing whose size grows with the number of samples.</summary>
internal sealed class DeepRfmMeasurement
{
    // Nine pictures stand on the page.
    private const int PictureSamples = 100;

    private readonly DeepRfmPlan _plan;
    private readonly Compute _compute;
    private readonly RunClock _clock;
    private readonly Action<RunProgress>? _progress;
    private readonly int[] _labels;
    private readonly List<DeepRfmLayerReport> _layers = [];
    private readonly List<DeepRfmPictures> _pictures = [];
    private readonly DeepRfmArrays _arrays = new();
    private long _mark;

    public DeepRfmMeasurement(DeepRfmPlan plan, Compute compute, RunClock clock, Action<RunProgress>? progress)
    {
        (_plan, _compute, _clock, _progress) = (plan, compute, clock, progress);
        _labels = plan.Data.Train.Labels;
        _mark = clock.Timestamp;
    }

    public IReadOnlyList<DeepRfmLayerReport> Layers => _layers;

    public IReadOnlyList<DeepRfmPictures> Pictures => _pictures;

    /// <summary>AGOP, root of the metric and class means of the layers.</summary>
    public DeepRfmArrays Arrays => _arrays;

    /// <summary>Says which layer is worked on.</summary>
    public void Announce()
    {
        string nc1 = _layers.Count == 0 ? "" : $" · NC1 {Format.Text(_layers[^1].Stages.Mx.Nc1TraceRatio)}";
        _progress?.Invoke(new RunProgress("fitting", _layers.Count / (double)_plan.Options.Layers, string.Create(CultureInfo.InvariantCulture, $"layer {_layers.Count + 1} of {_plan.Options.Layers}{nc1}")));
    }

    /// <summary>Measures a layer.</summary>
    public void Visit(DeepRfmLayer layer)
    {
        double seconds = _clock.SecondsSince(_mark);
        Tensor<double> agop = layer.Agop.Mean();
        CollapseContext context = new();
        KernelScores train = KernelScores.Of(layer.TrainOutputs, _plan.Targets);
        CollapseContext predicted = context with { Predictions = train.Predictions };
        CollapseMetrics x = Collapse(layer.Input, predicted), mx = Collapse(layer.Mapped, predicted), phi = Collapse(layer.Features, context);
        KernelScores? test = layer.TestInput is { } input ? Test(layer.Machine, input) : null;
        double[] eigenvalues = PositiveSemidefinite.Eigenvalues(agop.AsMatrix(), _compute);
        DeepRfmStages stages = new(new CollapseReport(x), new CollapseReport(mx), new CollapseReport(phi));
        _layers.Add(new DeepRfmLayerReport
        {
            Layer = layer.Index,
            Dimension = layer.Input.Columns,
            Stages = stages,
            Factors = DeepRfmFactors.Of(stages),
            Agop = new AgopReport(eigenvalues, Number.Of(Trace(agop)), IsCentred: false),
            TrainAccuracy = train.Accuracy(_labels),
            TestAccuracy = test is null ? NoTest : Number.Of(test.Accuracy(_plan.Data.Test!.Labels)),
            TrainLoss = train.Loss,
            TestLoss = test is null ? NoTest : Number.Of(test.Loss),
            Solver = Solver(layer),
            Seconds = seconds,
        });
        Keep(layer, agop, x, mx, phi);
        Announce();
        _mark = _clock.Timestamp;
    }

    private static Number NoTest => Number.Undefined("no test data");

    private CollapseMetrics Collapse(Tensor<double> features, CollapseContext context) => CollapseMetrics.Measure(features.AsMatrix(), _labels, _plan.Classes, _compute, context);

    private KernelScores Test(KernelMachine machine, Tensor<double> inputs) =>
        KernelScores.Of(machine.Predict(inputs.AsMatrix()), KernelData.Coded(_plan.Data.Test!, Learning.Losses.TargetCoding.PlusMinusOne));

    // Of the layer's last fit, but with the verdict of one before it that did not converge: the last one rests on it.
    private static KernelSolveReport Solver(DeepRfmLayer layer)
    {
        KernelSolveReport last = KernelSolveReport.Of(layer.Machine);
        return layer.Verdicts.FirstOrDefault(static verdict => !verdict.IsConverged) is { } failed ? last with { Status = failed.Status, Message = failed.Message } : last;
    }

    private void Keep(DeepRfmLayer layer, Tensor<double> agop, CollapseMetrics x, CollapseMetrics mx, CollapseMetrics phi)
    {
        GramPicture Picture(Tensor<double> features) => GramPicture.Measure(features.AsMatrix(), _labels, _plan.Classes, _compute, PictureSamples);
        _pictures.Add(new DeepRfmPictures(layer.Index, Picture(layer.Input), Picture(layer.Mapped), Picture(layer.Features)));
        _arrays.Add(layer.Index, agop, layer.Root, x.Statistics.Means, mx.Statistics.Means, phi.Statistics.Means);
    }

    private static double Trace(Tensor<double> matrix) => Enumerable.Range(0, matrix.Rows).Sum(i => matrix[i, i]);
}

/// <summary>Gram pictures of a layer's three stages, all of the same samples.</summary>
internal sealed record DeepRfmPictures(int Layer, GramPicture X, GramPicture Mx, GramPicture Phi);
