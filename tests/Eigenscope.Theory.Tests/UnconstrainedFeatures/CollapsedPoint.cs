using Eigenscope.Numerics.Randomness;
using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>Writes a solution down explicitly, from its singular value and random orthonormal frames.</summary>
internal static class CollapsedPoint
{
    private const ulong Seed = 20240611;

    /// <summary>The collapsed solution of a setting.</summary>
    public static double[] Of(UfmOptimum optimum)
    {
        RandomStream random = new(Seed);
        int classes = optimum.Setting.Classes;
        bool isCentred = optimum.Setting.LastBias || optimum.Setting.Loss == UfmLoss.CrossEntropy;
        double[,] classFrame = isCentred ? Frames.RandomCentred(classes, classes - 1, random) : Frames.Random(classes, classes, random);
        return Of(optimum.Setting, optimum.SingularValue, classFrame);
    }

    /// <summary>H₁ = sc U₁ Vᵀ for every sample of a class, W_l = s U_{l+1} U_lᵀ, W_L = s V U_Lᵀ, b = what the fit leaves to it.</summary>
    public static double[] Of(UfmSetting setting, double singularValue, double[,] classFrame)
    {
        RandomStream random = new RandomStream(Seed).Split("layers");
        DenseModel model = new(setting);
        double[] point = new double[model.Count];
        double balance = Math.Sqrt(setting.WeightDecay / (setting.PerClass * setting.FeatureDecay));
        double[,] input = Frames.Random(setting.Width, classFrame.GetLength(1), random);
        double[,] means = Product(input, classFrame, singularValue * balance);
        for (int i = 0; i < model.FeatureCount; i++)
            point[i] = means[i / model.Samples, i % model.Samples / setting.PerClass];
        for (int layer = 1; layer <= setting.Depth; layer++)
        {
            double[,] output = layer == setting.Depth ? classFrame : Frames.Random(setting.Width, classFrame.GetLength(1), random);
            Product(output, input, singularValue).Cast<double>().ToArray().CopyTo(point, model.Weight(layer).Start.Value);
            input = output;
        }
        if (setting.LastBias && setting.Loss == UfmLoss.MeanSquaredError)
            point.AsSpan(model.AllWeights.End.Value).Fill(1.0 / setting.Classes);
        return point;
    }

    /// <summary>factor · left rightᵀ.</summary>
    private static double[,] Product(double[,] left, double[,] right, double factor)
    {
        double[,] product = new double[left.GetLength(0), right.GetLength(0)];
        for (int i = 0; i < left.GetLength(0); i++)
        {
            for (int j = 0; j < right.GetLength(0); j++)
            {
                for (int k = 0; k < left.GetLength(1); k++)
                    product[i, j] += factor * left[i, k] * right[j, k];
            }
        }
        return product;
    }
}
