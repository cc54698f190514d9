using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>Makes data sets of a file's content; what is wrong with it is reported against the file.</summary>
internal static class Checked
{
    public static Dataset Create(
        (string Inputs, string Labels) subjects, (string Name, string Source) description, Tensor<double> inputs, int[] labels, IReadOnlyList<string> classNames, bool requireEveryClass = true)
    {
        if (DatasetDefect.Find(inputs, labels, classNames, requireEveryClass) is { } defect)
            throw new DataException(string.Equals(defect.Argument, nameof(labels), StringComparison.Ordinal) ? subjects.Labels : subjects.Inputs, defect.Problem);
        return new Dataset(description.Name, description.Source, inputs, labels, classNames, requireEveryClass);
    }

    public static Dataset CreateTest((string Inputs, string Labels) subjects, Dataset train, Tensor<double> inputs, int[] labels)
    {
        if (!inputs.Shape[1..].SequenceEqual(train.Inputs.Shape[1..]))
            throw new DataException(subjects.Inputs, $"expected test samples of shape [{string.Join(", ", train.SampleShape)}] as in training, got [{string.Join(", ", inputs.Shape[1..].ToArray())}]");
        return Create(subjects, (train.Name, train.Source), inputs, labels, train.ClassNames, requireEveryClass: false);
    }
}
