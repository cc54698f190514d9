using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>Random matrices with orthonormal columns, by Gram–Schmidt done twice.</summary>
internal static class Frames
{
    /// <summary>rows × columns, columns orthonormal.</summary>
    public static double[,] Random(int rows, int columns, RandomStream random) => Orthonormalised(rows, columns, random, withOnes: false);

    /// <summary>rows × columns, columns orthonormal and orthogonal to (1, …, 1).</summary>
    public static double[,] RandomCentred(int rows, int columns, RandomStream random)
    {
        double[,] all = Orthonormalised(rows, columns + 1, random, withOnes: true);
        double[,] frame = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                frame[i, j] = all[i, j + 1];
        }
        return frame;
    }

    /// <summary>classes × classes/2: (e₁ − e₂)/√2, (e₃ − e₄)/√2, …</summary>
    public static double[,] Pairs(int classes)
    {
        double[,] frame = new double[classes, classes / 2];
        for (int i = 0; i < classes; i++)
            frame[i, i / 2] = (int.IsEvenInteger(i) ? 1 : -1) * Math.Sqrt(0.5);
        return frame;
    }

    private static double[,] Orthonormalised(int rows, int columns, RandomStream random, bool withOnes)
    {
        double[,] frame = new double[rows, columns];
        for (int j = 0; j < columns; j++)
        {
            for (int i = 0; i < rows; i++)
                frame[i, j] = withOnes && j == 0 ? 1 : random.NextNormal();
            for (int k = 0; k < 2 * j; k++)
                Subtract(frame, j, k % j, Dot(frame, j, k % j));
            double norm = Math.Sqrt(Dot(frame, j, j));
            for (int i = 0; i < rows; i++)
                frame[i, j] /= norm;
        }
        return frame;
    }

    private static double Dot(double[,] frame, int j, int k)
    {
        double sum = 0;
        for (int i = 0; i < frame.GetLength(0); i++)
            sum += frame[i, j] * frame[i, k];
        return sum;
    }

    private static void Subtract(double[,] frame, int from, int column, double factor)
    {
        for (int i = 0; i < frame.GetLength(0); i++)
            frame[i, from] -= factor * frame[i, column];
    }
}
