using System.Globalization;
using System.Text.RegularExpressions;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Tests.Recipes;

/// <summary>What cannot be held in memory is refused before training, and what the refusal says fits does fit.</summary>
public sealed class StudySizeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eigenscope-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_largest_width_counts_the_vectors_that_a_block_per_class_needs()
    {
        // 3 K + 1 = 151 pairs; with blocks of 50 a basis of 151 + 2·50 + 50 vectors and room for 4·50 more.
        const long Vectors = 151 + (7 * 50);
        StudyOptions options = new() { Data = Classes(50, 200), Depth = 2, Width = 40_000 };
        string message = Refused(options);
        Assert.Contains($"{Vectors} vectors", message, StringComparison.Ordinal);
        long parameters = Array.MaxLength / Vectors;
        long width = (parameters - 50) / (200 + 50 + 1);
        Assert.Contains($"--width {width} fits", message, StringComparison.Ordinal);
        Assert.NotNull(Resolve(options with { Width = (int)width }));
        Assert.Contains($"--width {width} fits", Refused(options with { Width = (int)width + 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_unconstrained_feature_model_counts_them_too()
    {
        // 100 parameters a unit: 501 vectors of 5 million are too many, 151 + 104 of them would not be.
        UfmOptions options = new() { Classes = 50, PerClass = 1, Depth = 1, Width = 50_000 };
        Assert.Contains("501 vectors of 5,000,000 parameters", Assert.Throws<UsageException>(() => Ufm.Validate(options, new RunSettings())).Message, StringComparison.Ordinal);
        Ufm.Validate(options with { Width = 40_000 }, new RunSettings());
    }

    [Fact]
    public void Samples_measured_are_as_many_as_an_array_holds_of_the_widest_layer()
    {
        Dataset train = Images(10, 3, 32);
        Network network = Convolutional(ImageModel.ResNet18, train);
        StudyOptions options = new() { Model = "resnet18" };
        // 64 channels of 32 × 32.
        int fits = (int)(Array.MaxLength / (64L * 32 * 32));
        StudyMemory.RequireMeasurable(options, train, fits, network);
        string message = Assert.Throws<UsageException>(() => StudyMemory.RequireMeasurable(options, train, fits + 1, network)).Message;
        Assert.StartsWith($"--measure-samples must be at most {fits} ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_doubt_of_a_subset_is_counted_with_its_resamplings()
    {
        Dataset train = Images(400, 1, 32);
        Network network = Convolutional(ImageModel.ResNet18, train);
        StudyOptions options = new() { Model = "resnet18" };
        Assert.Contains("100 resamplings of 400 class means", Assert.Throws<UsageException>(() => StudyMemory.RequireMeasurable(options, train, 400, network)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("resamplings", Assert.Throws<UsageException>(() => StudyMemory.RequireMeasurable(options, train, 801, network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_means_of_large_convolutions_are_refused_with_many_classes()
    {
        Dataset few = Images(10, 3, 8), many = Images(40, 3, 8);
        StudyOptions options = new() { Model = "resnet18" };
        StudyMemory.RequireMeasurable(options, few, few.SampleCount, Convolutional(ImageModel.ResNet18, few));
        // 40² gradients in a weight of 512 · 512 · 9 entries.
        Assert.Contains("40 classes times 40 logits times 2,359,296", Assert.Throws<UsageException>(() => StudyMemory.RequireMeasurable(options, many, many.SampleCount, Convolutional(ImageModel.ResNet18, many))).Message, StringComparison.Ordinal);
        StudyMemory.RequireMeasurable(options, many, many.SampleCount, Convolutional(ImageModel.ResNet18, many, channels: 16));
    }

    [Fact]
    public void A_layer_too_wide_for_a_square_matrix_is_refused()
    {
        Assert.Contains("--width 46341", Refused(new StudyOptions { Depth = 2, Width = 46_341 }), StringComparison.Ordinal);
        Assert.NotNull(Resolve(new StudyOptions { Depth = 2, Width = 46_340 }));
    }

    [Fact]
    public void Parameters_kept_along_training_are_bounded_and_the_refusal_says_by_what()
    {
        StudyOptions options = new() { Data = "gaussian", Width = 1000, Depth = 4, Epochs = 5000, MeasureEvery = 1 };
        int fits = int.Parse(Regex.Match(Refused(options), "^--measure-every must be at least ([0-9]+) ").Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        StudyPlan plan = Resolve(options with { MeasureEvery = fits });
        Assert.True((long)plan.MeasuredEpochs.Count * plan.Network.StateLength <= 1L << 28);
        Assert.Contains($"at least {fits} ", Refused(options with { MeasureEvery = fits - 1 }), StringComparison.Ordinal);
        Assert.Contains("--measure-every", Refused(options with { Epochs = int.MaxValue, BatchSize = 0 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_normalisation_would_have_to_hold_whole_is_bounded()
    {
        Dataset images = Images(10, 1, 28);
        Network network = Convolutional(ImageModel.ResNet8, images);
        string message = Assert.Throws<UsageException>(() => StudyMemory.RequireBatch(0, 60_000, network)).Message;
        Assert.Contains("all 60000", message, StringComparison.Ordinal);
        int fits = int.Parse(Regex.Match(message, "^--batch-size must be from 1 to ([0-9]+):").Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        StudyMemory.RequireBatch(fits, 60_000, network);
        Assert.Throws<UsageException>(() => StudyMemory.RequireBatch(fits + 1, 60_000, network));
        // Fewer samples than a batch are one batch.
        StudyMemory.RequireBatch(fits + 1, 1000, network);
        // Nothing couples the samples of a perceptron.
        StudyMemory.RequireBatch(0, int.MaxValue, Network.Mlp(new MlpOptions { Widths = [784, 1000, 10] }));
    }

    private static StudyPlan Resolve(StudyOptions options) => StudyRecipe.Resolve(options, new RunSettings { Threads = 2 }, new RandomStream(0));

    private static string Refused(StudyOptions options) => Assert.Throws<UsageException>(() => Resolve(options)).Message;

    private static Network Convolutional(ImageModel model, Dataset data, int? channels = null) =>
        Network.ForImages(new ImageModelOptions { Model = model, SampleShape = data.SampleShape, Classes = data.ClassCount, Channels = channels });

    // Two of each class but the last, which has three.
    private static Dataset Images(int classes, int channels, int side)
    {
        int samples = (2 * classes) + 1;
        return new Dataset("images", "test", new Tensor<double>(samples, channels, side, side), [.. Enumerable.Range(0, samples).Select(i => Math.Min(i / 2, classes - 1))], classes);
    }

    private string Classes(int classes, int columns)
    {
        string path = Path.Combine(_folder, "classes.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 2 * classes).Select(i => FormattableString.Invariant($"{string.Join(',', Enumerable.Range(0, columns).Select(j => (i + j) % 7))},{i % classes}")));
        return path;
    }
}
