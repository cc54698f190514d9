using System.Numerics.Tensors;
using Eigenscope.Learning.Derivatives;

namespace Eigenscope.Learning.Training;

/// <summary>
/// Line search for the strong Wolfe conditions, by bracketing and bisection with cubic steps (Nocedal and Wright, Algorithms 3.5 and 3.6). Near a minimum, where the loss no longer
/// resolves the decrease, the approximate condition of Hager and Zhang (2005) on the slopes decides.
/// </summary>
internal sealed class WolfeLineSearch(int size)
{
    private const double Decrease = 1e-4;
    private const double Curvature = 0.9;
    private const int MaxEvaluations = 30;
    private readonly double[] _trial = new double[size];
    private readonly double[] _gradient = new double[size];

    /// <summary>Searches along <paramref name="direction"/>; null when no acceptable step is found.</summary>
    public Point? Run(TrainingProblem problem, ReadOnlySpan<double> start, double startLoss, ReadOnlySpan<double> startGradient, ReadOnlySpan<double> direction, double first)
    {
        double startSlope = TensorPrimitives.Dot(startGradient, direction);
        Sample low = new(0.0, startLoss, startSlope);
        Sample? high = null;
        double step = first;
        for (int evaluation = 0; evaluation < MaxEvaluations; evaluation++)
        {
            TensorPrimitives.MultiplyAdd(direction, step, start, _trial);
            LossValue value = problem.Gradient(_trial, _gradient);
            Sample trial = new(step, value.Loss, TensorPrimitives.Dot<double>(_gradient, direction));
            bool decreases = Decreases(trial, startLoss, startSlope);
            if (decreases && Math.Abs(trial.Slope) <= -Curvature * startSlope)
                return new Point(value, _trial, _gradient);
            if (!decreases || !double.IsFinite(trial.Loss) || (evaluation > 0 && trial.Loss > low.Loss && high is not null))
            {
                high = trial;
            }
            else
            {
                if (trial.Slope * (trial.Step - low.Step) >= 0.0)
                    high = low;
                low = trial;
            }
            step = high is { } bracket ? Between(low, bracket) : Math.Min(2.0 * step, step + 1e6);
        }
        return null;
    }

    private static bool Decreases(Sample trial, double startLoss, double startSlope)
    {
        if (!double.IsFinite(trial.Loss))
            return false;
        if (trial.Loss <= startLoss + (Decrease * trial.Step * startSlope))
            return true;
        double resolution = 1e-14 * Math.Abs(startLoss);
        return trial.Loss <= startLoss + resolution && trial.Slope <= ((2.0 * Decrease) - 1.0) * startSlope;
    }

    // Minimum of the cubic through both ends, kept away from them; the middle where it is not to be had.
    private static double Between(Sample low, Sample high)
    {
        double width = high.Step - low.Step;
        double middle = low.Step + (0.5 * width);
        if (!double.IsFinite(high.Loss) || !double.IsFinite(high.Slope))
            return low.Step + (0.1 * width);
        double d1 = low.Slope + high.Slope - (3.0 * (low.Loss - high.Loss) / (low.Step - high.Step));
        double square = (d1 * d1) - (low.Slope * high.Slope);
        if (!(square >= 0.0))
            return middle;
        double d2 = Math.Sign(width) * Math.Sqrt(square);
        double cubic = high.Step - (width * (high.Slope + d2 - d1) / (high.Slope - low.Slope + (2.0 * d2)));
        double share = (cubic - low.Step) / width;
        return share is >= 0.1 and <= 0.9 ? cubic : middle;
    }

    /// <summary>An accepted point; its arrays are the search's own until the next run.</summary>
    internal sealed record Point(LossValue Value, double[] Parameters, double[] Gradient);

    private readonly record struct Sample(double Step, double Loss, double Slope);
}
