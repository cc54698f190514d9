using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Tests.Runs;

/// <summary>Which spectra of a subset carry which doubt, how large, and what is said where there is none.</summary>
public sealed class SubsetDoubtTests
{
    private const int Classes = 3;
    private const int Count = 60;
    private static readonly Compute Managed = new(BlasBackends.Load(BlasChoice.Managed).Backend, 1);
    private static readonly int[] Labels = [.. Enumerable.Range(0, Count).Select(static i => i % Classes)];

    [Theory]
    [InlineData("hessian", "all", Activation.Tanh, 4)]
    [InlineData("hessian", "1.weight", Activation.Tanh, 4)]
    [InlineData("hessian", "all", Activation.Relu, 4)]
    [InlineData("hessian", "1.weight", Activation.Relu, null)]
    [InlineData("gauss-newton", "all", Activation.Tanh, null)]
    public void Errors_come_from_halves_where_the_operator_is_no_Gauss_Newton_matrix(string name, string scope, Activation activation, int? splits)
    {
        SpectrumReport report = Measure(name, scope, activation);

        Assert.Equal(Classes, report.EigenvalueStandardErrors!.Count);
        Assert.All(report.EigenvalueStandardErrors, static error => Assert.True(error > 0.0));
        Assert.Equal(splits, report.EigenvalueSplits);
        Assert.Equal(splits is null ? null : Classes, report.EigenvalueBiases?.Count);
        Assert.Equal(splits is null ? "the infinitesimal jackknife is of first order and shows no bias" : null, report.EigenvalueBiasesReason);
    }

    // Of three quarters a quarter is not known, of a quarter three: 1 − n/N.
    [Fact]
    public void The_share_measured_enters_once_as_of_a_draw_without_replacement()
    {
        SpectrumReport quarter = Measure("hessian", "all", Activation.Tanh, static plan => plan with { MeasuredShare = 0.25 }), most = Measure("hessian", "all", Activation.Tanh, static plan => plan with { MeasuredShare = 0.75 });

        for (int j = 0; j < Classes; j++)
        {
            Assert.Equal(Math.Sqrt(3.0), quarter.EigenvalueStandardErrors![j] / most.EigenvalueStandardErrors![j], 1e-12);
            Assert.Equal(3.0, quarter.EigenvalueBiases![j] / most.EigenvalueBiases![j], 1e-12);
        }
    }

    [Fact]
    public void All_training_samples_leave_no_doubt_and_no_word_of_it()
    {
        SpectrumReport report = Measure("hessian", "all", Activation.Tanh, static plan => plan with { MeasuredShare = 1.0 });

        Assert.Equal((null, null, null, null), (report.EigenvalueStandardErrors, report.EigenvalueStandardErrorsReason, report.EigenvalueBiases, report.EigenvalueBiasesReason));
    }

    // One λ on every weight of a scope of weights moves its eigenvalues by λ, whatever the samples.
    [Theory]
    [InlineData("hessian", Activation.Tanh)]
    [InlineData("hessian", Activation.Relu)]
    public void Decay_has_no_part_in_the_error(string name, Activation activation)
    {
        SpectrumReport without = Measure(name, "1.weight", activation), with = Measure(name, "1.weight", activation, static plan => plan with { IncludesWeightDecay = true });

        for (int j = 0; j < Classes; j++)
            Assert.Equal(without.EigenvalueStandardErrors![j], with.EigenvalueStandardErrors![j], 1e-8 * without.Eigenvalues[0]);
    }

    [Theory]
    [InlineData("empirical-fisher", "all", Activation.Tanh, false, "computed of Hessians and Gauss–Newton matrices only")]
    [InlineData("gradient-covariance", "1.weight", Activation.Tanh, false, "computed of Hessians and Gauss–Newton matrices only")]
    [InlineData("hessian", "all", Activation.Relu, true, "in a convolutional network the eight solves over halves of the samples cost too much")]
    [InlineData("hessian", "1.weight", Activation.Tanh, true, "in a convolutional network the eight solves over halves of the samples cost too much")]
    public void Where_there_is_no_error_there_is_a_reason(string name, string scope, Activation activation, bool hasCostlyProducts, string reason)
    {
        SpectrumReport report = Measure(name, scope, activation, plan => plan with { HasCostlyProducts = hasCostlyProducts });

        Assert.Null(report.EigenvalueStandardErrors);
        Assert.Null(report.EigenvalueBiases);
        Assert.Equal(reason, report.EigenvalueStandardErrorsReason);
        Assert.Equal(reason, report.EigenvalueBiasesReason);
    }

    [Fact]
    public void An_interruption_and_a_solve_that_found_nothing_are_reasons_too()
    {
        Assert.Equal("the run was interrupted before it", Measure("hessian", "all", Activation.Tanh, cancellation: new CancellationToken(canceled: true)).EigenvalueStandardErrorsReason);
        Assert.Equal("no eigenvectors were found: converged", Measure("hessian", "all", Activation.Tanh, keepVectors: false).EigenvalueStandardErrorsReason);
    }

    [Fact]
    public void Of_single_samples_there_is_no_error()
    {
        const string Reason = "every class has a single sample: there is nothing to resample";
        SpectrumReport report = Measure("hessian", "all", Activation.Tanh, count: Classes);

        Assert.Equal((null, Reason, Reason), (report.EigenvalueStandardErrors, report.EigenvalueStandardErrorsReason, report.EigenvalueBiasesReason));
    }

    private static SpectrumReport Measure(string name, string scope, Activation activation, Func<MeasurementPlan, MeasurementPlan>? change = null, int count = Count, bool keepVectors = true, CancellationToken cancellation = default)
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [4, 6, Classes], Activation = activation });
        double[] parameters = new double[network.ParameterCount];
        new RandomStream(4).FillNormal(parameters, 0.7);
        Tensor<double> inputs = new(count, 4);
        new RandomStream(5).FillNormal(inputs.Span, 1.0);
        MeasurementPlan plan = new() { Network = network, Decay = WeightDecay.OnWeights(network, 0.01), Labels = Labels[..count], Classes = Classes, Pairs = 5, Bottom = 0, Tolerance = 1e-10, MeasuredShare = 0.5 };
        plan = change?.Invoke(plan) ?? plan;
        using Linearization linearization = Objective.Create(network, inputs, plan.Labels, new CrossEntropy(), Managed, new ObjectiveOptions()).Linearize(parameters);
        LinearOperator operand = name switch
        {
            "hessian" => linearization.Hessian(scope),
            "gauss-newton" => linearization.GaussNewton(scope),
            "empirical-fisher" => linearization.EmpiricalFisher(scope),
            _ => linearization.GradientCovariance(scope),
        };
        if (plan.IncludesWeightDecay)
            operand = operand.WithWeightDecay(plan.Decay, scope);
        MeasuredSpectrum spectrum = new SpectrumMeasurement(Managed, new RandomStream(1), count, plan.IncludesWeightDecay, CancellationToken.None).Measure(name, scope, operand, new EigenOptions { Top = 5, KeepVectors = keepVectors });
        return new SubsetDoubt(plan, Managed, new RandomStream(2), cancellation).With(linearization, spectrum).Report;
    }
}
