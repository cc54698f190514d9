using Eigenscope.Analysis.Spectra;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Spectra;

public sealed class GaussNewtonTracesTests
{
    private const int Classes = 3;
    private const int Count = 12;
    private static readonly string[] Scopes = ["conv1.weight", "all", "stage2.0.*", "head.weight"];

    [Fact]
    public void Summed_gradient_by_gradient_they_are_the_traces_of_the_matrices()
    {
        Linearization linearization = Problem();
        IReadOnlyList<Estimate> traces = GaussNewtonTraces.Measure(linearization, Scopes, TestCompute.Instance, new RandomStream(1));
        for (int index = 0; index < Scopes.Length; index++)
        {
            Near.Equal(Trace(linearization, Scopes[index]), traces[index].Mean, 2000.0);
            Assert.Equal(0.0, traces[index].StandardError);
        }
    }

    // 60 independent estimates of 40 passes: their errors over the errors they claim have a root mean square of one, give or take a tenth, and a little more for the skew of squared lengths.
    [Fact]
    public void Estimated_their_errors_are_as_large_as_claimed()
    {
        const int Repeats = 60;
        Linearization linearization = Problem();
        double[] squares = new double[3], means = new double[3];
        double[] exact = [.. Scopes[..3].Select(scope => Trace(linearization, scope))];
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            IReadOnlyList<Estimate> traces = GaussNewtonTraces.Measure(linearization, Scopes, TestCompute.Instance, new RandomStream((ulong)repeat), exactEntries: 0, probes: 40);
            for (int index = 0; index < 3; index++)
            {
                squares[index] += Math.Pow((traces[index].Mean - exact[index]) / traces[index].StandardError, 2) / Repeats;
                means[index] += traces[index].Mean / Repeats;
            }
            Assert.Equal(0.0, traces[3].StandardError);
        }
        for (int index = 0; index < 3; index++)
        {
            Assert.InRange(Math.Sqrt(squares[index]), 0.75, 1.35);
            Assert.InRange(means[index] / exact[index], 0.95, 1.05);
        }
    }

    // The whole less what the mean gradients of classes make up.
    [Fact]
    public void The_within_class_part_is_probed_by_itself()
    {
        Linearization linearization = Problem();
        int[] labels = Labels();
        PapyanOptions exact = new() { IteratedScopes = [] }, probed = new() { GramLimit = 0, ExactTraceEntries = 0, TraceProbes = 200, IteratedScopes = [] };
        IReadOnlyList<PapyanSplit> expected = PapyanSplit.MeasureEach(linearization, Scopes[..3], labels, Classes, exact, TestCompute.Instance, new RandomStream(1));
        IReadOnlyList<PapyanSplit> splits = PapyanSplit.MeasureEach(linearization, Scopes[..3], labels, Classes, probed, TestCompute.Instance, new RandomStream(1));
        for (int index = 0; index < 3; index++)
        {
            (double trace, double error) = (splits[index].WithinClass.Trace.Value!.Value, splits[index].WithinClass.TraceStandardError);
            double truth = expected[index].WithinClass.Trace.Value!.Value;
            Assert.InRange(error, 1e-6 * truth, 0.2 * truth);
            Assert.InRange(trace, truth - (4.0 * error), truth + (4.0 * error));
            Near.Equal(expected[index].CrossClass.Trace.Value!.Value, splits[index].CrossClass.Trace, 2000.0);
            Near.Equal(expected[index].Class.Trace.Value!.Value, splits[index].Class.Trace, 2000.0);
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Linearization linearization = Problem();
        Assert.Throws<ArgumentException>(() => GaussNewtonTraces.Measure(linearization, ["conv9"], TestCompute.Instance, new RandomStream(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussNewtonTraces.Measure(linearization, Scopes, TestCompute.Instance, new RandomStream(1), probes: 1));
        Assert.Throws<OperationCanceledException>(() => GaussNewtonTraces.Measure(linearization, Scopes, TestCompute.Instance, new RandomStream(1), exactEntries: 0, cancellation: new CancellationToken(canceled: true)));
    }

    // Column after column of the operator that products make.
    private static double Trace(Linearization linearization, string scope)
    {
        Numerics.Operators.LinearOperator matrix = linearization.GaussNewton(scope);
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
        Network network = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = [2, 5, 5], Classes = Classes, Channels = 2, Activation = Activation.Tanh });
        double[] state = network.Initialize(new InitializationOptions(), new RandomStream(4));
        Tensor<double> inputs = new(Count, 50);
        new RandomStream(5).FillNormal(inputs.Span, 1.0);
        return Objective.Create(network, inputs, Labels(), new CrossEntropy(), TestCompute.Instance, new ObjectiveOptions { SliceRows = 5 }).Linearize(state);
    }
}
