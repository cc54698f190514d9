using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// N labelled samples of K classes, checked once on the way in: everything downstream may rely on finite inputs and on labels in 0 … K − 1.
/// Its arrays are shared, not copied: nobody writes to them.
/// </summary>
public sealed class Dataset
{
    private readonly int[] _classCounts;
    private readonly InMemorySource _samples;

    /// <summary>Creates a data set whose classes are named by their numbers.</summary>
    /// <param name="name">Short name, for reports.</param>
    /// <param name="source">Where the data came from and how it was scaled.</param>
    /// <param name="inputs">N × (sample shape); kept, not copied.</param>
    /// <param name="labels">N labels in 0 … <paramref name="classCount"/> − 1; kept, not copied.</param>
    /// <param name="classCount">K ≥ 1.</param>
    /// <exception cref="ArgumentException">As for the other constructor.</exception>
    public Dataset(string name, string source, Tensor<double> inputs, int[] labels, int classCount)
        : this(name, source, inputs, labels, LabelEncoding.NumberedNames(classCount))
    {
    }

    /// <summary>Creates a data set.</summary>
    /// <param name="name">Short name, for reports.</param>
    /// <param name="source">Where the data came from and how it was scaled.</param>
    /// <param name="inputs">N × (sample shape); kept, not copied.</param>
    /// <param name="labels">N labels in 0 … K − 1; kept, not copied.</param>
    /// <param name="classNames">K names.</param>
    /// <param name="requireEveryClass">Whether a class without samples is refused, as every measurement of collapse needs; data that is only predicted may lack one.</param>
    /// <exception cref="ArgumentException">No samples, sizes that differ, a label out of range, a class without samples, or an input that is not finite;
    /// the message names the class, or the sample and the coordinate.</exception>
    public Dataset(string name, string source, Tensor<double> inputs, int[] labels, IReadOnlyList<string> classNames, bool requireEveryClass = true)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        if (DatasetDefect.Find(inputs, labels, classNames, requireEveryClass) is { } defect)
            throw new ArgumentException(defect.Problem, defect.Argument);
        Name = name;
        Source = source;
        Inputs = inputs;
        Labels = labels;
        ClassNames = classNames;
        SampleShape = inputs.Shape[1..].ToArray();
        _classCounts = ClassDraw.Counts(labels, classNames.Count);
        _samples = new InMemorySource(name, inputs, labels);
    }

    /// <summary>Short name, for reports.</summary>
    public string Name { get; }

    /// <summary>Where the data came from and how it was scaled.</summary>
    public string Source { get; }

    /// <summary>The inputs, N × (sample shape); <see cref="Tensor{T}.AsMatrix"/> is N × d.</summary>
    public Tensor<double> Inputs { get; }

    /// <summary>The class of each sample, 0 … K − 1.</summary>
    public int[] Labels { get; }

    /// <summary>Names of the classes, K of them.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Shape of one sample: [64], or [1, 8, 8] (channels, height, width).</summary>
    public IReadOnlyList<int> SampleShape { get; }

    /// <summary>Number of samples of each class, K of them.</summary>
    public IReadOnlyList<int> ClassCounts => _classCounts;

    /// <summary>Number of samples, N.</summary>
    public int SampleCount => Labels.Length;

    /// <summary>Number of classes, K.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>Number of values in a sample, d.</summary>
    public int Dimension => Inputs.Columns;

    /// <summary>Whether every class has a sample.</summary>
    public bool HasEveryClass => Array.IndexOf(_classCounts, 0) < 0;

    /// <summary>The samples as what an objective computes over: always the same one, so that objectives in single precision share one copy of the inputs.</summary>
    /// <returns>A source that views the data set's arrays.</returns>
    public SampleSource AsSource() => _samples;

    /// <summary>The samples at the given indices, in that order.</summary>
    /// <param name="indices">Sample indices from 0; an index may occur more than once.</param>
    /// <param name="requireEveryClass">Whether a class without samples is refused.</param>
    /// <returns>A data set with its own storage and the same classes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    /// <exception cref="ArgumentException">No indices, or a class is left without samples.</exception>
    public Dataset Subset(ReadOnlySpan<int> indices, bool requireEveryClass = true)
    {
        int[] shape = Inputs.Shape.ToArray();
        shape[0] = indices.Length;
        Tensor<double> inputs = new(shape);
        int[] labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)SampleCount)
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"expected sample indices in 0 … {SampleCount - 1}");
            Inputs.Row(indices[i]).CopyTo(inputs.Row(i));
            labels[i] = Labels[indices[i]];
        }
        return new Dataset(Name, Source, inputs, labels, ClassNames, requireEveryClass);
    }

    /// <summary>The first samples.</summary>
    /// <param name="count">How many, 1 … N.</param>
    /// <param name="requireEveryClass">Whether a class without samples is refused.</param>
    /// <returns>This data set itself when <paramref name="count"/> is N; otherwise one with its own storage.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not in 1 … N.</exception>
    /// <exception cref="ArgumentException">A class is left without samples.</exception>
    public Dataset Take(int count, bool requireEveryClass = true)
    {
        if (count < 1 || count > SampleCount)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"expected 1 … {SampleCount} samples");
        return count == SampleCount ? this : Subset([.. Enumerable.Range(0, count)], requireEveryClass);
    }

    /// <summary>The same number of samples of every class, drawn without replacement; the original order is kept.</summary>
    /// <param name="perClass">How many of each class, from 1 to the size of the smallest class.</param>
    /// <param name="random">The draw.</param>
    /// <returns>A data set of K · <paramref name="perClass"/> samples with its own storage.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A class has fewer samples; the message names it.</exception>
    public Dataset TakePerClass(int perClass, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 1);
        int small = Array.FindIndex(_classCounts, count => count < perClass);
        if (small >= 0)
            throw new ArgumentOutOfRangeException(nameof(perClass), perClass, $"class {ClassNames[small]} has only {_classCounts[small]} samples");
        return Subset(ClassDraw.PerClass(Labels, _classCounts, perClass, random));
    }

    /// <summary>So many samples in all, as evenly over the classes as can be (their numbers differ by one at most), drawn without replacement; the original order is kept.</summary>
    /// <param name="count">How many, at least K. A class's samples of a smaller draw from the same stream are among those of a larger one.</param>
    /// <param name="random">The draw; only its children are used.</param>
    /// <returns>A data set with its own storage.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one of each class, or a class has too few; the message names it, and how many can be drawn.</exception>
    public Dataset TakeBalanced(int count, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return ClassDraw.FindImbalance(_classCounts, ClassNames, count) is { } problem
            ? throw new ArgumentOutOfRangeException(nameof(count), count, problem)
            : Subset(ClassDraw.Balanced(Labels, _classCounts, count, random));
    }

    /// <summary>The samples of a class, in ascending order.</summary>
    /// <param name="label">The class, 0 … K − 1.</param>
    /// <returns>Their indices.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="label"/> is not a class.</exception>
    public int[] IndicesOfClass(int label)
    {
        if ((uint)label >= (uint)ClassCount)
            throw new ArgumentOutOfRangeException(nameof(label), label, $"expected a class in 0 … {ClassCount - 1}");
        return ClassDraw.Members(Labels, label, _classCounts[label]);
    }

    internal Dataset From(string source) => new(Name, source, Inputs, Labels, ClassNames, requireEveryClass: false);
}
