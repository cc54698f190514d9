using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Import;

/// <summary>Networks as PyTorch, tf2onnx and skl2onnx write them: logits, loss, gradient and spectra beside what PyTorch computes in float64 by double backward and a dense eigensolve.</summary>
public sealed class ExportedModelTests
{
    private const double LogitTolerance = 1e-6;
    private const double GradientTolerance = 1e-6;
    private const double EigenvalueTolerance = 1e-5;

    // Constants and attributes are float32 in the file and exact in the reference: a matrix is off by about 1e-8 of its size, and so is an eigenvalue that is zero.
    private const double MatrixTolerance = 1e-8;

    public static TheoryData<string> Names() => [.. ReferenceData.Models];

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_are_those_of_PyTorch(string name)
    {
        (ModelReference reference, ImportedModel model) = Load(name);
        Assert.Equal(reference.InputShape, model.InputShape);
        double[] logits = ObjectiveOf(reference, model).Logits(model.State).Storage;
        double scale = Math.Max(1.0, reference.Logits.Max(Math.Abs));
        double[] expected = Centred(reference.Logits, reference, name);
        double[] measured = Centred(logits, reference, name);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], measured[i], LogitTolerance * scale);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_the_weights_biases_scales_and_shifts_by_the_names_of_the_file(string name)
    {
        (ModelReference reference, ImportedModel model) = Load(name);
        Assert.Equal(reference.Blocks.Select(static block => block.Name).Order(StringComparer.Ordinal), model.Network.Blocks.Select(static block => block.Name).Order(StringComparer.Ordinal));
        Assert.Equal(reference.Parameters, model.Network.ParameterCount);
        Assert.Equal(reference.Layers.Select(static layer => layer.Name).Order(StringComparer.Ordinal), model.Network.WeightLayers.Select(static layer => layer.Weight.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_are_those_of_PyTorch(string name)
    {
        (ModelReference reference, ImportedModel model) = Load(name);
        using Linearization point = ObjectiveOf(reference, model).Linearize(model.State);
        Assert.Equal(reference.DataLoss, point.Value.Loss, GradientTolerance * reference.DataLoss);
        Assert.Equal(reference.GradientNorm, Norm(point.Gradient.Span), GradientTolerance * reference.GradientNorm);
        Dictionary<string, ParameterBlock> blocks = model.Network.Blocks.ToDictionary(static block => block.Name, StringComparer.Ordinal);
        foreach (BlockReference block in reference.Blocks)
            Assert.Equal(block.GradientNorm, Norm(point.Gradient.Span.Slice(blocks[block.Name].Offset, block.Size)), GradientTolerance * reference.GradientNorm);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Eigenvalues_of_Hessian_and_Gauss_Newton_matrix_are_those_of_PyTorch(string name)
    {
        (ModelReference reference, ImportedModel model) = Load(name);
        using Linearization point = ObjectiveOf(reference, model).Linearize(model.State);
        EigenPairs hessian = Spectrum(point.Hessian(), reference.HessianSmallest.Length);
        Close(reference.Hessian, hessian, "Hessian");
        Close([.. reference.HessianSmallest.Reverse()], hessian.Smallest, reference.Hessian[0], "Hessian, smallest");
        Close(reference.GaussNewton, Spectrum(point.GaussNewton()), "Gauss–Newton matrix");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Eigenvalues_of_every_layer_are_those_of_PyTorch(string name)
    {
        (ModelReference reference, ImportedModel model) = Load(name);
        using Linearization point = ObjectiveOf(reference, model).Linearize(model.State);
        foreach (LayerReference layer in reference.Layers)
        {
            Close(layer.Hessian, Spectrum(point.Hessian(layer.Name)), $"Hessian of {layer.Name}");
            Close(layer.GaussNewton, Spectrum(point.GaussNewton(layer.Name)), $"Gauss–Newton matrix of {layer.Name}");
        }
    }

    private static (ModelReference Reference, ImportedModel Model) Load(string name) => (ReferenceData.Model(name), OnnxImport.Import(OnnxFile.Read(ReferenceData.PathOf(name))));

    private static Objective ObjectiveOf(ModelReference reference, ImportedModel model)
    {
        Tensor<double> x = new(reference.X, reference.Samples, reference.X.Length / reference.Samples);
        return reference.Labels is { } labels
            ? Objective.Create(model.Network, x, labels, new CrossEntropy(), TestCompute.Single, new ObjectiveOptions())
            : Objective.Create(model.Network, x, [.. Enumerable.Range(0, reference.Samples)], new TargetSquaredError(new Tensor<double>(reference.Targets!, reference.Samples, reference.Outputs)), TestCompute.Single, new ObjectiveOptions());
    }

    /// <summary>Logits less their sample's mean where the file ends in LogSoftmax, which is left off: cross-entropy does not see the difference.</summary>
    private static double[] Centred(double[] logits, ModelReference reference, string name) =>
        name.Contains("log-softmax", StringComparison.Ordinal) ? [.. logits.Chunk(reference.Outputs).SelectMany(static row => row.Select(value => value - row.Average()))] : logits;

    private static EigenPairs Spectrum(LinearOperator operand, int bottom = 0) =>
        SymmetricEigensolver.Solve(operand, new EigenOptions { Top = Math.Min(20, operand.Rows), Bottom = bottom, Tolerance = 1e-9, KeepVectors = false }, TestCompute.Single, new RandomStream(1));

    private static void Close(double[] expected, EigenPairs measured, string what) => Close(expected, [.. measured.Values.Take(expected.Length)], expected[0], what);

    private static void Close(IReadOnlyList<double> expected, IReadOnlyList<double> measured, double largest, string what)
    {
        Assert.Equal(expected.Count, measured.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            double allowed = (EigenvalueTolerance * Math.Abs(expected[i])) + (MatrixTolerance * largest);
            Assert.True(Math.Abs(measured[i] - expected[i]) <= allowed, $"{what}, eigenvalue {i}: expected {expected[i]:R}, got {measured[i]:R}");
        }
    }

    private static double Norm(ReadOnlySpan<double> values) => Math.Sqrt(System.Numerics.Tensors.TensorPrimitives.Dot(values, values));
}
