using System.Globalization;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Recipes;

/// <summary>
/// What the numbers beside samples mean to a network of K logits: classes 0 … K − 1, vectors that code them, or real targets. Nothing is renumbered: labels that do not fit are refused with what to do.
/// </summary>
/// <param name="data">The samples.</param>
/// <param name="outputs">K.</param>
/// <param name="classNames">Names of the model's classes, or null.</param>
/// <param name="subject">What to name in a message: "--data file.npz[y]".</param>
internal sealed class GivenLabels(GivenSamples data, int outputs, IReadOnlyList<string>? classNames, string subject)
{
    private const int MostNamed = 12;

    /// <summary>The class of each sample, or real targets, for a loss.</summary>
    /// <param name="loss">cross-entropy or mse.</param>
    /// <param name="coding">How mse codes classes.</param>
    /// <param name="said">one-hot or plus-minus-one where the user said so, else null: then a matrix of other numbers is one of real targets.</param>
    /// <exception cref="UsageException">The numbers do not fit the network or the loss.</exception>
    public (int[]? Labels, Loss Loss, Tensor<double>? Targets, string? Note) For(string loss, TargetCoding coding, string? said) => loss is "cross-entropy" ? ForCrossEntropy() : ForSquares(coding, said);

    private (int[]? Labels, Loss Loss, Tensor<double>? Targets, string? Note) ForCrossEntropy()
    {
        if (outputs < 2)
            throw new UsageException($"--loss cross-entropy needs a logit for each of at least 2 classes, the model has {Text(outputs)} output; --loss mse measures it against real targets");
        if (data.Labels is not null)
            return (Classes(), new CrossEntropy(), null, null);
        Tensor<double> given = data.Targets!;
        if (given.Columns == 1)
            throw new UsageException($"{subject}: --loss cross-entropy needs a class for each sample, y has numbers that are not whole ({Sample(given)}); --loss mse measures against real targets");
        RequireColumns(given);
        return Coded(given, 0.0) is { } classes
            ? (classes, new CrossEntropy(), null, "y is one-hot: the class of a sample is where its 1 stands.")
            : throw new UsageException($"{subject}: --loss cross-entropy needs one class for each sample, and the rows of y are not one-hot (a single 1, else 0); save numpy.argmax(y, axis=1), or measure real targets with --loss mse");
    }

    private (int[]? Labels, Loss Loss, Tensor<double>? Targets, string? Note) ForSquares(TargetCoding coding, string? targets)
    {
        Tensor<double>? given = data.Targets;
        if (outputs == 1)
        {
            return given is { Columns: 1 }
                ? (null, new TargetSquaredError(given), given, null)
                : throw new UsageException($"{subject}: the model has 1 output, and a sample needs one real number as its target, got {(given is null ? "classes" : $"{Text(given.Columns)} numbers")}");
        }
        if (data.Labels is not null)
            return (Classes(), new MeanSquaredError(coding), null, null);
        if (given!.Columns == 1)
            throw new UsageException($"{subject}: the model has {Text(outputs)} outputs; y must be a class for each sample, or {Text(outputs)} targets, got one number that is not whole ({Sample(given)})");
        RequireColumns(given);
        if (targets is not "plus-minus-one" && Coded(given, 0.0) is { } hot)
            return (hot, new MeanSquaredError(), null, "y is one-hot: the class of a sample is where its 1 stands, and these are the targets.");
        if (targets is not "one-hot" && Coded(given, -1.0) is { } signed)
            return (signed, new MeanSquaredError(TargetCoding.PlusMinusOne), null, "y has a 1 and else −1 in every row: the class of a sample is where its 1 stands, and these are the targets.");
        return targets is null
            ? (null, new TargetSquaredError(given), given, null)
            : throw new UsageException($"--targets {targets}: the rows of {subject} are no such codes of classes; without --targets they are measured against as they are");
    }

    private int[] Classes()
    {
        if (classNames is not null && data.ClassNames is { } names && !names.SequenceEqual(classNames, StringComparer.Ordinal))
            throw new UsageException($"{subject}: the classes are {Named(names)}, the model's are {Named(classNames)}");
        if (data.ClassNames is null && ByName() is { } named)
            return named;
        RequireRange(data.Labels!);
        return Array.ConvertAll(data.Labels!, static label => (int)label);
    }

    // A study numbers classes by their labels in order, and keeps those as their names: 1 … K, or −1 and +1.
    private int[]? ByName()
    {
        if (classNames is null || classNames.SequenceEqual(Enumerable.Range(0, classNames.Count).Select(Text), StringComparer.Ordinal))
            return null;
        Dictionary<string, int> classOf = classNames.Select(static (name, c) => (name, c)).ToDictionary(static pair => pair.name, static pair => pair.c, StringComparer.Ordinal);
        string[] labels = Array.ConvertAll(data.Labels!, static label => label.ToString(CultureInfo.InvariantCulture));
        return Array.TrueForAll(labels, classOf.ContainsKey) ? Array.ConvertAll(labels, label => classOf[label]) : null;
    }

    private void RequireRange(long[] labels)
    {
        long smallest = labels.Min(), largest = labels.Max();
        if (smallest >= 0 && largest < outputs)
            return;
        string expected = $"the model's {Text(outputs)} logits stand for labels 0 … {Text(outputs - 1)}";
        if (smallest == 1 && largest == outputs)
            throw new UsageException($"{subject}: labels go from 1 to {Text(outputs)}, off by one: {expected}; save y - 1");
        if (outputs == 2 && smallest == -1 && largest == 1 && Array.TrueForAll(labels, static label => label is -1 or 1))
            throw new UsageException($"{subject}: labels are -1 and 1: {expected}; save (y + 1) // 2");
        int sample = Array.FindIndex(labels, label => label < 0 || label >= outputs);
        throw new UsageException($"{subject}: sample {Text(sample)} has label {labels[sample].ToString(CultureInfo.InvariantCulture)}, but {expected}; renumber the labels, or leave those samples out");
    }

    private void RequireColumns(Tensor<double> given)
    {
        if (given.Columns != outputs)
            throw new UsageException($"{subject}: y has {Text(given.Columns)} numbers for each sample, the model has {Text(outputs)} outputs; expected a whole number for each sample, or {Text(outputs)} numbers");
    }

    // The class of each row of zeros (or −1) and a single one; null where a row is anything else.
    private static int[]? Coded(Tensor<double> given, double off)
    {
        int[] classes = new int[given.Rows];
        for (int i = 0; i < classes.Length; i++)
        {
            ReadOnlySpan<double> row = given.Row(i);
            classes[i] = row.IndexOf(1.0);
            if (classes[i] < 0 || row[..classes[i]].ContainsAnyExcept(off) || row[(classes[i] + 1)..].ContainsAnyExcept(off))
                return null;
        }
        return classes;
    }

    private static string Sample(Tensor<double> given)
    {
        int odd = Math.Max(0, Array.FindIndex(given.Storage, static value => value != Math.Floor(value)));
        return string.Create(CultureInfo.InvariantCulture, $"sample {odd}: {given.Storage[odd]}");
    }

    private static string Named(IReadOnlyList<string> names) => names.Count <= MostNamed ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNamed))}, …";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
