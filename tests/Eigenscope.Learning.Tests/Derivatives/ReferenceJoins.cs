using System.Numerics;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Features of several results, one after another.</summary>
internal sealed class ReferenceConcat(int[] sizes, int[] sources) : ReferenceStep(new Extents(sizes.Sum(), 1, 1), sources)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs) => [.. inputs.SelectMany(static input => input)];

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient) =>
        [.. sizes.Select((size, k) => delta.Skip(sizes.Take(k).Sum()).Take(size).ToArray())];
}

/// <summary>A fixed sum of multiples of the inputs and a constant: one list of (output, input, factor) for value and chain rule.</summary>
internal sealed class ReferenceTerms(int inputs, int source, double[] constants, (int Output, int Input, double Factor)[] terms) : ReferenceStep(new Extents(constants.Length, 1, 1), source)
{
    public override Complex[] Value(Complex[] state, Complex[][] x)
    {
        Complex[] y = ReferenceFunctions.ToComplex(constants);
        Array.ForEach(terms, term => y[term.Output] += term.Factor * x[0][term.Input]);
        return y;
    }

    public override Complex[][] Pull(Complex[] state, Complex[][] x, Complex[] delta, Complex[] gradient)
    {
        Complex[] below = new Complex[inputs];
        Array.ForEach(terms, term => below[term.Input] += term.Factor * delta[term.Output]);
        return [below];
    }
}

/// <summary>A sum of products of an entry of one result and one of another: a list of (output, first, second).</summary>
internal sealed class ReferenceBilinear(int outputs, int first, int second, (int Output, int First, int Second)[] terms) : ReferenceStep(new Extents(outputs, 1, 1), first, second)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs)
    {
        Complex[] y = new Complex[outputs];
        Array.ForEach(terms, term => y[term.Output] += inputs[0][term.First] * inputs[1][term.Second]);
        return y;
    }

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient)
    {
        Complex[] a = new Complex[inputs[0].Length], b = new Complex[inputs[1].Length];
        foreach ((int o, int i, int j) in terms)
        {
            a[i] += delta[o] * inputs[1][j];
            b[j] += delta[o] * inputs[0][i];
        }
        return [a, b];
    }
}

internal sealed class ReferenceFunction(Extents extents, int source, ScalarFunction function) : ReferenceStep(extents, source)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs) => [.. inputs[0].Select(z => ReferenceFunctions.Value(function, z))];

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient) =>
        [[.. inputs[0].Select((z, i) => ReferenceFunctions.Slope(function, z) * delta[i])]];
}

/// <summary>exp(x_i) / Σ exp(x_j) over groups of neighbours, the derivative written out entry by entry.</summary>
internal sealed class ReferenceSoftmax(Extents extents, int source, int width) : ReferenceStep(extents, source)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs) =>
        [.. inputs[0].Chunk(width).SelectMany(static group => group.Select(z => Complex.Exp(z) / group.Aggregate(Complex.Zero, static (sum, other) => sum + Complex.Exp(other))))];

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient)
    {
        Complex[] p = Value(state, inputs), below = new Complex[p.Length];
        for (int i = 0; i < p.Length; i++)
        {
            for (int j = i / width * width; j < ((i / width) + 1) * width; j++)
                below[i] += p[j] * ((i == j ? 1.0 : 0.0) - p[i]) * delta[j];
        }
        return [below];
    }
}

/// <summary>x_i − log Σ exp(x_j) over groups of neighbours.</summary>
internal sealed class ReferenceLogSoftmax(Extents extents, int source, int width) : ReferenceStep(extents, source)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs) => [.. inputs[0].Chunk(width).SelectMany(static group => group.Select(z => z - Complex.Log(Total(group))))];

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient)
    {
        Complex[] below = new Complex[delta.Length];
        for (int i = 0; i < below.Length; i++)
        {
            Complex[] group = inputs[0].Chunk(width).ElementAt(i / width);
            for (int j = i / width * width; j < ((i / width) + 1) * width; j++)
                below[i] += ((i == j ? 1.0 : 0.0) - (Complex.Exp(inputs[0][i]) / Total(group))) * delta[j];
        }
        return [below];
    }

    private static Complex Total(Complex[] group) => group.Aggregate(Complex.Zero, static (sum, z) => sum + Complex.Exp(z));
}

/// <summary>One weight at every position.</summary>
internal sealed class ReferenceTokenDense(int positions, int inputs, int source, int outputs, int weight, int bias)
    : ReferenceProducts(new Extents(positions * outputs, 1, 1), source, positions * inputs, weight, bias)
{
    protected override int BiasOf(int output) => output % outputs;

    protected override IEnumerable<(int Output, int Weight, int Input)> Terms()
    {
        for (int position = 0; position < positions; position++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                    yield return ((position * outputs) + o, (o * inputs) + i, (position * inputs) + i);
            }
        }
    }
}
