using System.Numerics;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// Activations and losses of the references, over complex numbers. An analytic function of z + ih is f(z) + i h f′(z) to rounding when h is 1e-100 (Squire and Trapp 1998): all that is needed where
/// System.Numerics has no complex version.
/// </summary>
internal static class ReferenceFunctions
{
    /// <summary>The imaginary step that carries a derivative: its square is below every rounding error.</summary>
    public const double Step = 1e-100;

    public static Complex Value(Activation activation, Complex z) => activation switch
    {
        Activation.Relu => z.Real > 0 ? z : 0,
        Activation.Tanh => Complex.Tanh(z),
        Activation.Gelu => z * Distribution(z),
        _ => z,
    };

    public static Complex Slope(Activation activation, Complex z) => activation switch
    {
        Activation.Relu => z.Real > 0 ? 1 : 0,
        Activation.Tanh => 1.0 - (Complex.Tanh(z) * Complex.Tanh(z)),
        Activation.Gelu => Distribution(z) + (z * Density(z)),
        _ => 1,
    };

    /// <summary>From the definitions; powers for positive numbers.</summary>
    public static Complex Value(ScalarFunction function, Complex z) => function switch
    {
        LeakyReluFunction leaky => z.Real > 0 ? z : leaky.Alpha * z,
        EluFunction elu => elu.Gamma * (z.Real > 0 ? z : elu.Alpha * (Complex.Exp(z) - 1.0)),
        HardSigmoidFunction hard => Cut((hard.Alpha * z) + hard.Beta, 0.0, 1.0),
        HardSwishFunction => z * Cut((z + 3.0) / 6.0, 0.0, 1.0),
        AbsFunction => z.Real < 0 ? -z : z,
        ClipFunction clip => Cut(z, clip.Least, clip.Largest),
        SigmoidFunction => 1.0 / (1.0 + Complex.Exp(-z)),
        SoftplusFunction => Complex.Log(1.0 + Complex.Exp(z)),
        ErfFunction => (2.0 * Distribution(Math.Sqrt(2.0) * z)) - 1.0,
        GeluTanhFunction => 0.5 * z * (1.0 + Complex.Tanh(Math.Sqrt(2.0 / Math.PI) * (z + (0.044715 * z * z * z)))),
        ExpFunction => Complex.Exp(z),
        LogFunction => Complex.Log(z),
        SqrtFunction => Complex.Sqrt(z),
        ReciprocalFunction => 1.0 / z,
        PowerFunction power => Complex.Exp(power.Exponent * Complex.Log(z)),
        SquareFunction => z * z,
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>From the definitions, by the rules of differentiation.</summary>
    public static Complex Slope(ScalarFunction function, Complex z)
    {
        switch (function)
        {
            case LeakyReluFunction leaky: return z.Real > 0 ? 1 : leaky.Alpha;
            case EluFunction elu: return elu.Gamma * (z.Real > 0 ? 1 : elu.Alpha * Complex.Exp(z));
            case HardSigmoidFunction hard: return ((hard.Alpha * z) + hard.Beta).Real is > 0 and < 1 ? hard.Alpha : 0;
            case HardSwishFunction: return z.Real < -3 ? 0 : z.Real > 3 ? 1 : ((2.0 * z) + 3.0) / 6.0;
            case AbsFunction: return Math.Sign(z.Real);
            case ClipFunction clip: return z.Real > clip.Least && z.Real < clip.Largest ? 1 : 0;
            case SigmoidFunction: return Complex.Exp(-z) / ((1.0 + Complex.Exp(-z)) * (1.0 + Complex.Exp(-z)));
            case SoftplusFunction: return 1.0 / (1.0 + Complex.Exp(-z));
            case ErfFunction: return 2.0 / Math.Sqrt(Math.PI) * Complex.Exp(-z * z);
            case ExpFunction: return Complex.Exp(z);
            case LogFunction: return 1.0 / z;
            case SqrtFunction: return 0.5 / Complex.Sqrt(z);
            case ReciprocalFunction: return -1.0 / (z * z);
            case PowerFunction power: return power.Exponent * Complex.Exp(power.Exponent * Complex.Log(z)) / z;
            case SquareFunction: return 2.0 * z;
        }
        Complex inner = Math.Sqrt(2.0 / Math.PI) * (z + (0.044715 * z * z * z)), tanh = Complex.Tanh(inner);
        return (0.5 * (1.0 + tanh)) + (0.5 * z * (1.0 - (tanh * tanh)) * Math.Sqrt(2.0 / Math.PI) * (1.0 + (0.134145 * z * z)));
    }

    /// <summary>Cross-entropy, or half the squared distance to targets of 1 and <paramref name="offTarget"/>; and the derivative in the logits.</summary>
    public static (Complex Loss, Complex[] Delta) Loss(bool crossEntropy, double offTarget, Complex[] logits, int label)
    {
        if (crossEntropy)
        {
            Complex total = logits.Aggregate(Complex.Zero, static (sum, z) => sum + Complex.Exp(z));
            return (Complex.Log(total) - logits[label], [.. logits.Select((z, k) => (Complex.Exp(z) / total) - (k == label ? 1.0 : 0.0))]);
        }
        Complex[] errors = [.. logits.Select((z, k) => z - (k == label ? 1.0 : offTarget))];
        return (0.5 * errors.Aggregate(Complex.Zero, static (sum, e) => sum + (e * e)), errors);
    }

    /// <summary>The loss's second derivative in the logits.</summary>
    public static double[,] LossHessian(bool crossEntropy, Complex[] logits)
    {
        double[] p = [.. logits.Select(static z => Math.Exp(z.Real))];
        double total = p.Sum();
        double[,] hessian = new double[p.Length, p.Length];
        for (int a = 0; a < p.Length; a++)
        {
            for (int b = 0; b < p.Length; b++)
                hessian[a, b] = crossEntropy ? ((a == b ? p[a] / total : 0) - (p[a] * p[b] / (total * total))) : (a == b ? 1.0 : 0.0);
        }
        return hessian;
    }

    public static Complex[] ToComplex(double[] values) => [.. values.Select(static value => new Complex(value, 0))];

    /// <summary>The values, one of them stepped into the imaginary direction.</summary>
    public static Complex[] Perturb(double[] values, int index)
    {
        Complex[] perturbed = ToComplex(values);
        perturbed[index] += new Complex(0, Step);
        return perturbed;
    }

    private static Complex Cut(Complex z, double least, double largest) => z.Real < least ? least : z.Real > largest ? largest : z;

    private static Complex Density(Complex z) => Complex.Exp(-0.5 * z * z) / Math.Sqrt(2.0 * Math.PI);

    private static Complex Distribution(Complex z) => new(NormalDistribution(z.Real), z.Imaginary * Density(z.Real).Real);

    // Φ(z) = ½ + φ(z) Σ z^(2k+1) / (1·3·5…(2k+1)) (Abramowitz and Stegun 26.2.11); every term has the same sign.
    private static double NormalDistribution(double z)
    {
        double term = z;
        double sum = z;
        for (int k = 1; k < 500 && Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            term *= z * z / ((2 * k) + 1);
            sum += term;
        }
        return 0.5 + (Density(z).Real * sum);
    }
}
