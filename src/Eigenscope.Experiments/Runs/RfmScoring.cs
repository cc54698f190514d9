using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Scores each machine of a recursive feature machine while it is at hand.</summary>
internal sealed class RfmScoring
{
    private const string NotFitted = "the machine was loaded, not fitted here";
    private const string NoTest = "no test data";
    private const string NoValidation = "no samples were set aside for validation";
    private const string RealTargets = "the targets are real numbers, not classes";

    private readonly RfmPlan _plan;
    private readonly RunClock _clock;
    private readonly Action<RunProgress>? _progress;
    private readonly List<RfmIterationReport> _iterations = [];
    private long _mark;

    public RfmScoring(RfmPlan plan, RunClock clock, Action<RunProgress>? progress)
    {
        (_plan, _clock, _progress) = (plan, clock, progress);
        _mark = clock.Timestamp;
    }

    public IReadOnlyList<RfmIterationReport> Iterations => _iterations;

    /// <summary>Says which iteration is worked on.</summary>
    public void Announce()
    {
        int last = _plan.Options.Iterations;
        string error = _iterations is [.., { } latest] ? $" · test loss {Format.Text(latest.TestLoss)}" : "";
        _progress?.Invoke(new RunProgress("fitting", Math.Min(1.0, _iterations.Count / (last + 1.0)), string.Create(CultureInfo.InvariantCulture, $"iteration {Math.Min(last, _iterations.Count)} of {last}{error}")));
    }

    /// <summary>Scores a machine that was fitted.</summary>
    public void Visit(RfmStep step)
    {
        double seconds = _clock.SecondsSince(_mark);
        RfmIteration scores = step.Scores;
        Add(step.Machine, scores.Index, seconds, report => report with
        {
            TrainError = scores.TrainAccuracy is { } accuracy ? Number.Of(1.0 - accuracy) : Number.Undefined(RealTargets),
            TrainLoss = Number.Of(scores.TrainLoss),
            ValidationError = scores.ValidationLoss is null ? Number.Undefined(NoValidation) : scores.ValidationAccuracy is { } valid ? Number.Of(1.0 - valid) : Number.Undefined(RealTargets),
            ValidationLoss = scores.ValidationLoss is { } loss ? Number.Of(loss) : Number.Undefined(NoValidation),
        });
    }

    /// <summary>Scores a machine that was loaded.</summary>
    public void Visit(KernelMachine machine) => Add(machine, 0, 0.0, static report => report);

    private void Add(KernelMachine machine, int index, double seconds, Func<RfmIterationReport, RfmIterationReport> fill)
    {
        KernelScores? test = _plan.Test is { } data ? KernelScores.Of(machine, data) : null;
        Number error = TestError(test);
        Number notFitted = Number.Undefined(NotFitted);
        _iterations.Add(fill(new RfmIterationReport
        {
            Iteration = index,
            TrainError = notFitted,
            TestError = error,
            TestErrorStandardError = StandardError(error),
            ValidationError = notFitted,
            TrainLoss = notFitted,
            TestLoss = test is null ? Number.Undefined(NoTest) : Number.Of(test.Loss),
            ValidationLoss = notFitted,
            TestExplained = _plan.Options.Regression ? Explained(test) : null,
            Solver = KernelSolveReport.Of(machine),
            Seconds = seconds,
        }));
        Announce();
        _mark = _clock.Timestamp;
    }

    private Number TestError(KernelScores? test)
    {
        if (test is null)
            return Number.Undefined(NoTest);
        return _plan.Test!.Labels is { } labels ? Number.Of(1.0 - test.Accuracy(labels)) : Number.Undefined(RealTargets);
    }

    private Number StandardError(Number error)
    {
        if (error.Value is not { } share)
            return Number.Undefined(error.Reason!);
        int samples = _plan.Test!.Points.Rows;
        return share is > 0.0 and < 1.0
            ? Number.Of(Math.Sqrt(share * (1.0 - share) / samples))
            : Number.Undefined($"{(share == 0.0 ? "none" : "all")} of {Format.Text(samples)} samples {(share == 0.0 ? "is" : "are")} wrong, of which the binomial error says nothing; at 95 % the share is {(share == 0.0 ? "below" : "above")} {Format.Text(share == 0.0 ? 3.0 / samples : 1.0 - (3.0 / samples))}");
    }

    private Number Explained(KernelScores? test)
    {
        if (test is null)
            return Number.Undefined(NoTest);
        Tensor<double> targets = _plan.Test!.Targets, train = _plan.Options.Load is null ? _plan.Train.Targets : targets;
        double[] mean = [.. Enumerable.Range(0, train.Columns).Select(column => Enumerable.Range(0, train.Rows).Average(row => train[row, column]))];
        double spread = 0.0;
        for (int i = 0; i < targets.Rows; i++)
        {
            for (int j = 0; j < targets.Columns; j++)
                spread += (targets[i, j] - mean[j]) * (targets[i, j] - mean[j]);
        }
        return spread > 0.0 ? Number.Of(1.0 - (2.0 * test.Loss * targets.Rows / spread)) : Number.Undefined("the test targets do not vary");
    }
}
