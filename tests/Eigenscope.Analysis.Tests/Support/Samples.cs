using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Support;

/// <summary>Labelled features for tests.</summary>
internal sealed record Samples(Tensor<double> Features, int[] Labels, int Classes)
{
    /// <summary>Gaussian classes of unequal size around Gaussian means.</summary>
    public static Samples Gaussian(ulong seed, int classes, int dimension, int perClass, double spread = 1.0, double noise = 0.5)
    {
        RandomStream random = new(seed);
        Tensor<double> means = new(classes, dimension);
        random.FillNormal(means.Span, spread);
        int[] labels = Enumerable.Range(0, classes).SelectMany(c => Enumerable.Repeat(c, perClass + c)).ToArray();
        random.Shuffle<int>(labels);
        Tensor<double> features = new(labels.Length, dimension);
        random.FillNormal(features.Span, noise);
        for (int i = 0; i < labels.Length; i++)
            for (int j = 0; j < dimension; j++)
                features[i, j] += means[labels[i], j];
        return new Samples(features, labels, classes);
    }

    /// <summary>For each class and each direction v_j the pair μ_c ± v_j; without directions the mean twice.</summary>
    public static Samples Around(double[][] means, params double[][] directions)
    {
        double[][] offsets = directions.Length == 0 ? [new double[means[0].Length]] : directions;
        List<double[]> rows = [];
        List<int> labels = [];
        for (int c = 0; c < means.Length; c++)
        {
            foreach (double[] offset in offsets)
            {
                rows.Add(means[c].Zip(offset, (m, o) => m + o).ToArray());
                rows.Add(means[c].Zip(offset, (m, o) => m - o).ToArray());
                labels.AddRange([c, c]);
            }
        }
        return new Samples(Textbook.ToTensor(rows.ToArray()), [.. labels], means.Length);
    }

    /// <summary>a x for every feature row, then + shift, after a rotation of the axes.</summary>
    public Samples Moved(double[][] rotation, double scale, double shift)
    {
        double[][] rows = Textbook.Product(Textbook.Rows(Features), rotation);
        return this with { Features = Textbook.ToTensor(rows.Select(r => r.Select(v => (scale * v) + shift).ToArray()).ToArray()) };
    }

    /// <summary>A product of two random reflections: an orthogonal n × n matrix.</summary>
    public static double[][] Rotation(ulong seed, int n)
    {
        RandomStream random = new(seed);
        return Textbook.Product(Reflection(random, n), Reflection(random, n));
    }

    private static double[][] Reflection(RandomStream random, int n)
    {
        double[] v = new double[n];
        random.FillNormal(v);
        double square = Textbook.Dot(v, v);
        double[][] h = Textbook.Zeros(n, n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                h[i][j] = (i == j ? 1.0 : 0.0) - (2 * v[i] * v[j] / square);
        return h;
    }
}
