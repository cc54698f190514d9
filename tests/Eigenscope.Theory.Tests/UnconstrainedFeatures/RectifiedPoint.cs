using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>
/// The ReLU model written out: class means of the features and weights as plain tables, the loss from its definition. The strongly regular solution is put together from its scalars; nothing is taken from
/// the formulas of its loss.
/// </summary>
internal sealed class RectifiedPoint(UfmSetting setting, double[][,] factors)
{
    /// <summary>H̄₁, W₁ … W_L.</summary>
    public double[][,] Factors { get; } = factors;

    public static RectifiedPoint Of(StronglyRegularOptimum optimum)
    {
        int r = optimum.Vertices;
        int classes = optimum.Setting.Classes;
        int depth = optimum.Setting.Depth;
        double[,] code = Table(r, classes, (v, e) => IsOn(v, e) ? 1 : 0);
        double[,] spread = Table(r, classes, (v, e) => (code[v, e] - (2.0 / r)) / Math.Sqrt(r - 2));
        double constant = 1 / Math.Sqrt((double)r * classes);
        double[][,] factors = new double[depth + 1][,];
        factors[0] = Table(r, classes, (v, e) => (optimum.Factors[0].Spread * spread[v, e]) + (optimum.Factors[0].Constant * constant));
        for (int l = 1; l < depth - 1; l++)
        {
            EdgeFactor factor = optimum.Factors[l];
            factors[l] = Table(r, r, (v, u) => (factor.Spread * ((v == u ? 1 : 0) - (1.0 / r))) + (factor.Constant / r));
        }
        factors[depth - 1] = Table(classes, r, (e, v) => (optimum.Factors[^1].Spread * spread[v, e]) + (optimum.Factors[^1].Constant * constant));
        double[] last = [.. optimum.LastWeight];
        factors[depth] = Table(classes, classes, (e, f) =>
        {
            double onSpread = 0;
            for (int v = 0; v < r; v++)
                onSpread += spread[v, e] * spread[v, f];
            double onConstant = 1.0 / classes;
            return (last[0] * onConstant) + (last[1] * onSpread) + (last[2] * ((e == f ? 1 : 0) - onSpread - onConstant));
        });
        return new RectifiedPoint(optimum.Setting, factors);
    }

    public RectifiedPoint Moved(double[][,] direction, double step) => new(
        setting,
        [.. Factors.Select((factor, l) => Table(factor.GetLength(0), factor.GetLength(1), (i, j) => factor[i, j] + (step * direction[l][i, j])))]);

    /// <summary>ℒ: every class has n equal columns.</summary>
    public double Loss()
    {
        double[,] signal = Factors[0];
        double decay = setting.FeatureDecay * setting.PerClass * Squared(Factors[0]);
        for (int l = 1; l < Factors.Length; l++)
        {
            signal = Product(Factors[l], signal);
            if (l < Factors.Length - 1)
                signal = Table(signal.GetLength(0), signal.GetLength(1), (i, j) => Math.Max(0, signal[i, j]));
            decay += setting.WeightDecay * Squared(Factors[l]);
        }
        double fit = Squared(Table(setting.Classes, setting.Classes, (i, j) => signal[i, j] - (i == j ? 1 : 0)));
        return (0.5 * fit / setting.Classes) + (0.5 * decay);
    }

    /// <summary>The class means before the last ReLU.</summary>
    public double[,] BeforeLast() => Factors.Skip(1).Take(setting.Depth - 1).Aggregate(Factors[0], (signal, weight) =>
        Product(weight, Table(signal.GetLength(0), signal.GetLength(1), (i, j) => ReferenceEquals(signal, Factors[0]) ? signal[i, j] : Math.Max(0, signal[i, j]))));

    public static bool IsOn(int vertex, int edge)
    {
        int count = 0;
        for (int second = 1; ; second++)
        {
            for (int first = 0; first < second; first++, count++)
            {
                if (count == edge)
                    return vertex == first || vertex == second;
            }
        }
    }

    public static double[,] Table(int rows, int columns, Func<int, int, double> entry)
    {
        double[,] table = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                table[i, j] = entry(i, j);
        }
        return table;
    }

    private static double[,] Product(double[,] left, double[,] right) => Table(left.GetLength(0), right.GetLength(1), (i, j) =>
    {
        double sum = 0;
        for (int k = 0; k < left.GetLength(1); k++)
            sum += left[i, k] * right[k, j];
        return sum;
    });

    private static double Squared(double[,] table) => table.Cast<double>().Sum(static entry => entry * entry);
}
