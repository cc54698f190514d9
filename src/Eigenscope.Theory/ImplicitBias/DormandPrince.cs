namespace Eigenscope.Theory.ImplicitBias;

/// <summary>
/// The explicit Runge–Kutta pair of orders 5 and 4 of Dormand and Prince (J. Comput. Appl. Math. 6, 1980): steps of order 5, whose local error is estimated by the difference to order 4 and held under a tolerance in every entry.
/// </summary>
/// <param name="slope">y ↦ dy/dx, written to the second argument; autonomous.</param>
/// <param name="tolerance">Of the local error of a step, relative to an entry's size; of entries below 1 absolute.</param>
internal sealed class DormandPrince(Action<double[], double[]> slope, double tolerance)
{
    private const double Safety = 0.9;
    private const double LargestGrowth = 5.0;
    private const double LeastGrowth = 0.2;
    private const int Stages = 7;

    private static readonly double[][] Nodes =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    // Order 5 minus order 4.
    private static readonly double[] ErrorWeights = [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    /// <summary>The step that the next trial begins with.</summary>
    public double NextStep { get; private set; } = 1e-3;

    /// <summary>Sum over the steps taken of the largest local error of an entry, in the tolerance's measure.</summary>
    public double ErrorEstimate { get; private set; }

    /// <summary>Takes one step of the size that the tolerance allows.</summary>
    /// <param name="state">y.</param>
    /// <returns>y after the step, and the step.</returns>
    /// <exception cref="ArithmeticException">No step is small enough.</exception>
    public (double[] State, double Step) Advance(double[] state)
    {
        while (true)
        {
            double step = NextStep;
            (double[] next, double error) = Trial(state, step);
            double growth = error == 0.0 ? LargestGrowth : Safety * Math.Pow(tolerance / error, 0.2);
            NextStep = step * Math.Clamp(double.IsNaN(growth) ? LeastGrowth : growth, LeastGrowth, LargestGrowth);
            if (error <= tolerance)
            {
                ErrorEstimate += error;
                return (next, step);
            }
            if (NextStep < 1e-300)
                throw new ArithmeticException("The differential equation cannot be integrated to the tolerance asked for: give a larger one.");
        }
    }

    /// <summary>y after a step of a given size.</summary>
    public double[] Take(double[] state, double step) => Trial(state, step).State;

    private (double[] State, double Error) Trial(double[] state, double step)
    {
        double[][] slopes = new double[Stages][];
        double[] point = state;
        for (int stage = 0; stage < Stages; stage++)
        {
            point = stage == 0 ? state : Combine(state, step, Nodes[stage], slopes);
            slopes[stage] = new double[state.Length];
            slope(point, slopes[stage]);
        }
        double error = 0;
        for (int i = 0; i < state.Length; i++)
        {
            double difference = 0;
            for (int stage = 0; stage < Stages; stage++)
                difference += ErrorWeights[stage] * slopes[stage][i];
            error = Math.Max(error, Math.Abs(step * difference) / Math.Max(1, Math.Abs(point[i])));
        }
        return (point, error);
    }

    private static double[] Combine(double[] state, double step, double[] weights, double[][] slopes)
    {
        double[] point = new double[state.Length];
        for (int i = 0; i < point.Length; i++)
        {
            double sum = 0;
            for (int stage = 0; stage < weights.Length; stage++)
                sum += weights[stage] * slopes[stage][i];
            point[i] = state[i] + (step * sum);
        }
        return point;
    }
}
