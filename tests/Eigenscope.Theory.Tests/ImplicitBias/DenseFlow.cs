using System.Numerics;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Theory.Tests.ImplicitBias;

/// <summary>Gradient flow of features and weights as plain tables, from the Hadamard start in random frames, by Runge–Kutta steps of order 4.</summary>
internal sealed class DenseFlow
{
    private readonly int _classes;
    private readonly int _perClass;
    private double[][,] _factors;

    public DenseFlow(double[] sizes, int depth, int perClass, int width, RandomStream random)
    {
        _classes = sizes.Length;
        _perClass = perClass;
        double[,] outer = Table(_classes, _classes, (c, i) => Sign(i, c) / Math.Sqrt(_classes));
        double[][,] frames = [.. Enumerable.Range(0, depth).Select(_ => Frame(width, _classes, random))];
        double[,] means = Product(Scaled(frames[0], sizes), Transpose(outer));
        _factors = new double[depth + 1][,];
        _factors[0] = Table(width, _classes * perClass, (i, sample) => means[i, sample / perClass]);
        for (int l = 1; l < depth; l++)
            _factors[l] = Product(Scaled(frames[l], sizes), Transpose(frames[l - 1]));
        _factors[depth] = Product(Scaled(outer, sizes), Transpose(frames[depth - 1]));
    }

    public static double Sign(int i, int g) => int.IsEvenInteger(BitOperations.PopCount((uint)(i & g))) ? 1 : -1;

    /// <summary>Logits of the first sample of each class, a column a class.</summary>
    public double[,] Logits()
    {
        double[,] all = Forward(_factors)[^1];
        return Table(_classes, _classes, (row, c) => all[row, c * _perClass]);
    }

    public void Run(double time, int steps)
    {
        double step = time / steps;
        for (int i = 0; i < steps; i++)
        {
            double[][,] first = Descent(_factors);
            double[][,] second = Descent(Moved(first, step / 2));
            double[][,] third = Descent(Moved(second, step / 2));
            double[][,] fourth = Descent(Moved(third, step));
            _factors = Moved([.. first.Select((table, l) => Table(table.GetLength(0), table.GetLength(1), (r, c) => (table[r, c] + (2 * second[l][r, c]) + (2 * third[l][r, c]) + fourth[l][r, c]) / 6))], step);
        }
    }

    private double[][,] Moved(double[][,] direction, double step) =>
        [.. _factors.Select((factor, l) => Table(factor.GetLength(0), factor.GetLength(1), (r, c) => factor[r, c] + (step * direction[l][r, c])))];

    // Minus the gradient of the mean cross-entropy in every factor.
    private double[][,] Descent(double[][,] factors)
    {
        double[][,] signals = Forward(factors);
        double[,] logits = signals[^1];
        int samples = logits.GetLength(1);
        double[,] error = Table(_classes, samples, (row, sample) => ((row == sample / _perClass ? 1 : 0) - Probability(logits, row, sample)) / samples);
        double[][,] descent = new double[factors.Length][,];
        for (int l = factors.Length - 1; l >= 1; l--)
        {
            descent[l] = Product(error, Transpose(signals[l - 1]));
            error = Product(Transpose(factors[l]), error);
        }
        descent[0] = error;
        return descent;
    }

    private double Probability(double[,] logits, int row, int sample)
    {
        double sum = 0;
        for (int other = 0; other < _classes; other++)
            sum += Math.Exp(logits[other, sample] - logits[row, sample]);
        return 1 / sum;
    }

    private static double[][,] Forward(double[][,] factors)
    {
        double[][,] signals = new double[factors.Length][,];
        signals[0] = factors[0];
        for (int l = 1; l < factors.Length; l++)
            signals[l] = Product(factors[l], signals[l - 1]);
        return signals;
    }

    // Gram–Schmidt, twice.
    private static double[,] Frame(int rows, int columns, RandomStream random)
    {
        double[,] frame = Table(rows, columns, (_, _) => random.NextNormal());
        for (int column = 0; column < columns; column++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int before = 0; before < column; before++)
                {
                    double overlap = Enumerable.Range(0, rows).Sum(row => frame[row, before] * frame[row, column]);
                    for (int row = 0; row < rows; row++)
                        frame[row, column] -= overlap * frame[row, before];
                }
            }
            double norm = Math.Sqrt(Enumerable.Range(0, rows).Sum(row => frame[row, column] * frame[row, column]));
            for (int row = 0; row < rows; row++)
                frame[row, column] /= norm;
        }
        return frame;
    }

    private static double[,] Scaled(double[,] frame, double[] sizes) => Table(frame.GetLength(0), sizes.Length, (r, c) => frame[r, c] * sizes[c]);

    private static double[,] Transpose(double[,] table) => Table(table.GetLength(1), table.GetLength(0), (r, c) => table[c, r]);

    private static double[,] Product(double[,] left, double[,] right) => Table(left.GetLength(0), right.GetLength(1), (r, c) =>
    {
        double sum = 0;
        for (int k = 0; k < left.GetLength(1); k++)
            sum += left[r, k] * right[k, c];
        return sum;
    });

    private static double[,] Table(int rows, int columns, Func<int, int, double> entry)
    {
        double[,] table = new double[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                table[r, c] = entry(r, c);
        }
        return table;
    }
}
