using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>
/// The textbook model in plain loops: its loss on hyper-dual numbers, and from it gradient and Hessian entry by entry. All parameters lie in one vector:
/// H₁ (d × N), W₁ … W_L, and the last bias if there is one, each row by row; samples are ordered by class.
/// </summary>
internal sealed class DenseModel(UfmSetting setting)
{
    private readonly int _width = setting.Width;
    private readonly int _classes = setting.Classes;

    public int Samples => setting.Classes * setting.PerClass;

    public int FeatureCount => setting.Width * Samples;

    public int Count => FeatureCount + ((setting.Depth - 1) * _width * _width) + (_classes * _width) + (setting.LastBias ? _classes : 0);

    /// <summary>Where W_l lies.</summary>
    public Range Weight(int layer)
    {
        int start = FeatureCount + ((layer - 1) * _width * _width);
        return start..(start + (_width * (layer == setting.Depth ? _classes : _width)));
    }

    /// <summary>All weight matrices, and the bias.</summary>
    public Range Everything(bool withFeatures) => (withFeatures ? 0 : FeatureCount)..Count;

    public Range AllWeights => FeatureCount..Weight(setting.Depth).End.Value;

    public Range Features => 0..FeatureCount;

    public double Loss(double[] point) => Loss(Lift(point), regularised: true).Value;

    public double[] Gradient(double[] point, bool regularised)
    {
        HyperDual[] lifted = Lift(point);
        double[] gradient = new double[point.Length];
        for (int i = 0; i < point.Length; i++)
        {
            lifted[i] = new HyperDual(point[i], 1, 0, 0);
            gradient[i] = Loss(lifted, regularised).First;
            lifted[i] = point[i];
        }
        return gradient;
    }

    /// <summary>The Hessian in some of the parameters.</summary>
    public double[,] Hessian(double[] point, Range scope, bool regularised)
    {
        (int start, int size) = scope.GetOffsetAndLength(Count);
        HyperDual[] lifted = Lift(point);
        double[,] hessian = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                lifted[start + i] = new HyperDual(point[start + i], 1, i == j ? 1 : 0, 0);
                if (i != j)
                    lifted[start + j] = new HyperDual(point[start + j], 0, 1, 0);
                hessian[i, j] = hessian[j, i] = Loss(lifted, regularised).Mixed;
                lifted[start + i] = point[start + i];
                lifted[start + j] = point[start + j];
            }
        }
        return hessian;
    }

    /// <summary>Row (i, c): the derivative of logit c of sample i in some of the parameters.</summary>
    public double[,] Jacobian(double[] point, Range scope)
    {
        (int start, int size) = scope.GetOffsetAndLength(Count);
        HyperDual[] lifted = Lift(point);
        double[,] jacobian = new double[Samples * _classes, size];
        for (int parameter = 0; parameter < size; parameter++)
        {
            lifted[start + parameter] = new HyperDual(point[start + parameter], 1, 0, 0);
            HyperDual[,] logits = Logits(lifted);
            for (int row = 0; row < Samples * _classes; row++)
                jacobian[row, parameter] = logits[row % _classes, row / _classes].First;
            lifted[start + parameter] = point[start + parameter];
        }
        return jacobian;
    }

    /// <summary>(1/N) Σ_i J_iᵀ Λ_i J_i with Λ = I or diag(p) − ppᵀ.</summary>
    public double[,] GaussNewton(double[] point, Range scope)
    {
        double[,] jacobian = Jacobian(point, scope);
        HyperDual[,] logits = Logits(Lift(point));
        int size = jacobian.GetLength(1);
        double[,] result = new double[size, size];
        for (int sample = 0; sample < Samples; sample++)
        {
            double[,] curvature = LogitCurvature(logits, sample);
            for (int c = 0; c < _classes; c++)
            {
                for (int e = 0; e < _classes; e++)
                    AddOuter(result, jacobian, (sample * _classes) + c, (sample * _classes) + e, curvature[c, e] / Samples);
            }
        }
        return result;
    }

    /// <summary>The input of layer l, d × N.</summary>
    public double[,] LayerInput(double[] point, int layer)
    {
        HyperDual[,] values = Propagate(Lift(point), layer - 1);
        double[,] input = new double[_width, Samples];
        for (int i = 0; i < _width; i++)
        {
            for (int j = 0; j < Samples; j++)
                input[i, j] = values[i, j].Value;
        }
        return input;
    }

    private static void AddOuter(double[,] result, double[,] rows, int left, int right, double factor)
    {
        if (factor == 0)
            return;
        int size = result.GetLength(0);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
                result[i, j] += factor * rows[left, i] * rows[right, j];
        }
    }

    private static HyperDual[] Lift(double[] point) => Array.ConvertAll(point, value => (HyperDual)value);

    private double[,] LogitCurvature(HyperDual[,] logits, int sample)
    {
        double[,] curvature = new double[_classes, _classes];
        double total = Enumerable.Range(0, _classes).Sum(c => Math.Exp(logits[c, sample].Value));
        for (int c = 0; c < _classes; c++)
        {
            for (int e = 0; e < _classes; e++)
            {
                double same = c == e ? 1 : 0;
                double p = Math.Exp(logits[c, sample].Value) / total;
                double other = Math.Exp(logits[e, sample].Value) / total;
                curvature[c, e] = setting.Loss == UfmLoss.MeanSquaredError ? same : (same * p) - (p * other);
            }
        }
        return curvature;
    }

    private HyperDual Loss(HyperDual[] x, bool regularised)
    {
        HyperDual[,] logits = Logits(x);
        HyperDual loss = 0;
        for (int sample = 0; sample < Samples; sample++)
            loss += setting.Loss == UfmLoss.MeanSquaredError ? SquaredError(logits, sample) : CrossEntropy(logits, sample);
        loss *= 1.0 / Samples;
        for (int i = 0; regularised && i < AllWeights.End.Value; i++)
            loss += 0.5 * (i < FeatureCount ? setting.FeatureDecay : setting.WeightDecay) * x[i] * x[i];
        return loss;
    }

    private HyperDual SquaredError(HyperDual[,] logits, int sample)
    {
        HyperDual sum = 0;
        for (int c = 0; c < _classes; c++)
        {
            HyperDual error = logits[c, sample] - (c == sample / setting.PerClass ? 1 : 0);
            sum += 0.5 * error * error;
        }
        return sum;
    }

    private HyperDual CrossEntropy(HyperDual[,] logits, int sample)
    {
        HyperDual sum = 0;
        for (int c = 0; c < _classes; c++)
            sum += HyperDual.Exp(logits[c, sample] - logits[sample / setting.PerClass, sample]);
        return HyperDual.Log(sum);
    }

    private HyperDual[,] Logits(HyperDual[] x)
    {
        HyperDual[,] logits = Propagate(x, setting.Depth);
        for (int c = 0; setting.LastBias && c < _classes; c++)
        {
            for (int sample = 0; sample < Samples; sample++)
                logits[c, sample] += x[AllWeights.End.Value + c];
        }
        return logits;
    }

    private HyperDual[,] Propagate(HyperDual[] x, int layers)
    {
        HyperDual[,] values = new HyperDual[_width, Samples];
        for (int i = 0; i < FeatureCount; i++)
            values[i / Samples, i % Samples] = x[i];
        for (int layer = 1; layer <= layers; layer++)
            values = Times(x, Weight(layer), values);
        return values;
    }

    private HyperDual[,] Times(HyperDual[] x, Range weight, HyperDual[,] input)
    {
        (int start, int length) = weight.GetOffsetAndLength(Count);
        HyperDual[,] output = new HyperDual[length / _width, Samples];
        for (int i = 0; i < length / _width; i++)
        {
            for (int sample = 0; sample < Samples; sample++)
            {
                HyperDual sum = 0;
                for (int k = 0; k < _width; k++)
                    sum += x[start + (i * _width) + k] * input[k, sample];
                output[i, sample] = sum;
            }
        }
        return output;
    }
}
