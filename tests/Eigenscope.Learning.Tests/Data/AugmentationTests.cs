using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Derivatives;
using Eigenscope.Learning.Tests.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Data;

public sealed class AugmentationTests
{
    private const int Padding = 2;
    private static readonly ImageShape Image = new(2, 3, 5);
    private static readonly double[] Sample = [.. Enumerable.Range(1, Image.Size).Select(static i => (double)i)];

    [Fact]
    public void Every_window_is_a_crop_of_the_padded_image_mirrored_or_not_and_all_occur_equally_often()
    {
        const int Draws = 25_000;
        Augmentation augmentation = new() { Image = Image, CropPadding = Padding, Fill = -1.0 };
        Dictionary<string, int> windows = new(StringComparer.Ordinal);
        foreach (bool mirrored in new[] { false, true })
        {
            for (int down = 0; down <= 2 * Padding; down++)
            {
                for (int right = 0; right <= 2 * Padding; right++)
                    windows.Add(string.Join(' ', Window(down, right, mirrored)), 0);
            }
        }
        double[] target = new double[Image.Size];
        ulong key = Augmentation.EpochKey(new RandomStream(3), 4);
        for (int sample = 0; sample < Draws; sample++)
        {
            augmentation.Apply<double>(key, sample, Sample, target);
            windows[string.Join(' ', target)]++;
        }
        // 50 windows of 500 draws each: five standard deviations of a binomial share.
        double mean = Draws / (double)windows.Count;
        Assert.Equal(50, windows.Count);
        Assert.All(windows.Values, count => Assert.Equal(mean, count, 5.0 * Math.Sqrt(mean)));
    }

    [Fact]
    public void A_draw_depends_on_run_epoch_and_sample_only()
    {
        Augmentation augmentation = new() { Image = Image, CropPadding = Padding };
        double[][] Draw(ulong seed, int epoch)
        {
            ulong key = Augmentation.EpochKey(new RandomStream(seed), epoch);
            return [.. Enumerable.Range(0, 40).Select(sample =>
            {
                double[] target = new double[Image.Size];
                augmentation.Apply<double>(key, sample, Sample, target);
                return target;
            })];
        }

        Assert.Equal(Draw(1, 2), Draw(1, 2));
        Assert.NotEqual(Draw(1, 2), Draw(1, 3));
        Assert.NotEqual(Draw(1, 2), Draw(2, 2));
        Assert.True(Draw(1, 2).Select(static window => string.Join(' ', window)).Distinct(StringComparer.Ordinal).Count() > 20);
    }

    [Fact]
    public void Padding_wider_than_the_image_leaves_only_fill()
    {
        Augmentation augmentation = new() { Image = Image, CropPadding = 50, Fill = 0.5 };
        double[] target = new double[Image.Size];
        int empty = 0;
        for (int sample = 0; sample < 50; sample++)
        {
            augmentation.Apply<double>(7, sample, Sample, target);
            Assert.All(target, static value => Assert.True(value == 0.5 || Sample.Contains(value)));
            empty += target.All(static value => value == 0.5) ? 1 : 0;
        }
        Assert.True(empty > 40);
    }

    [Fact]
    public void A_step_trains_on_the_windows_of_its_samples()
    {
        // One dense layer under MSE: the gradient is linear in what the layer sees, so the windows are written out and summed.
        DerivativeProblem problem = new([12, 3], Activation.Relu, "mse", biases: false);
        Augmentation augmentation = new() { Image = new ImageShape(1, 3, 4), CropPadding = 1 };
        TrainingStep step = new() { Random = new RandomStream(8), Epoch = 5, Batch = 1, Augmentation = augmentation };
        int[] batch = [.. Enumerable.Range(0, 70).Select(static i => (i * 11) % DerivativeProblem.Samples)];
        double[] expected = new double[36];
        foreach (int n in batch)
        {
            double[] x = new double[12];
            augmentation.Apply<double>(Augmentation.EpochKey(step.Random, 5), n, problem.Inputs.Row(n), x);
            for (int k = 0; k < 3; k++)
            {
                double error = Enumerable.Range(0, 12).Sum(i => problem.Parameters[(k * 12) + i] * x[i]) - (problem.Labels[n] == k ? 1.0 : 0.0);
                for (int i = 0; i < 12; i++)
                    expected[(k * 12) + i] += error * x[i] / batch.Length;
            }
        }
        double[] before = problem.Inputs.Span.ToArray();
        double measured = problem.Objective().Evaluate(problem.Parameters).Loss;
        foreach (int threads in new[] { 1, 3 })
        {
            double[] gradient = new double[36];
            Objective objective = problem.Objective(threads);
            objective.TrainingGradient([.. problem.Parameters], batch, gradient, step);
            Assert.True(RidgeProblem.Distance(expected, gradient) < 1e-13 * RidgeProblem.Distance(expected, new double[36]));
            Assert.Equal(measured, objective.Evaluate(problem.Parameters).Loss, 1e-14 * measured);
        }
        Assert.Equal(before, problem.Inputs.Span.ToArray());
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        RidgeProblem problem = new();
        TrainingStep step = NormalizedProblem.PlainStep with { Augmentation = new Augmentation { Image = Image } };
        Assert.Contains("2 × 3 × 5", Assert.Throws<ArgumentException>(() => problem.Objective.TrainingGradient(problem.Initial, [1], new double[problem.Initial.Length], step)).Message, StringComparison.Ordinal);
        step = NormalizedProblem.PlainStep with { Augmentation = new Augmentation { Image = new ImageShape(1, 2, 2), CropPadding = -1 } };
        Assert.Throws<ArgumentOutOfRangeException>(() => problem.Objective.TrainingGradient(problem.Initial, [1], new double[problem.Initial.Length], step));
    }

    private static double[] Window(int down, int right, bool mirrored)
    {
        double[] window = new double[Image.Size];
        for (int i = 0; i < window.Length; i++)
        {
            int column = i % Image.Width;
            int row = i / Image.Width % Image.Height;
            int channel = i / Image.Positions;
            int sourceRow = row + down - Padding;
            int sourceColumn = (mirrored ? Image.Width - 1 - column : column) + right - Padding;
            bool inside = sourceRow >= 0 && sourceRow < Image.Height && sourceColumn >= 0 && sourceColumn < Image.Width;
            window[i] = inside ? Sample[(((channel * Image.Height) + sourceRow) * Image.Width) + sourceColumn] : -1.0;
        }
        return window;
    }
}
