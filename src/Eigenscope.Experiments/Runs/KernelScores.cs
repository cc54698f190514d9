using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Experiments.Runs;

/// <summary>How well outputs fit their targets.</summary>
/// <param name="Loss">1/(2N) Σ ‖f(x_i) − y_i‖².</param>
/// <param name="Predictions">Index of the largest output of each sample, the lowest on ties.</param>
internal sealed record KernelScores(double Loss, int[] Predictions)
{
    /// <summary>Scores outputs.</summary>
    /// <param name="outputs">N × K.</param>
    /// <param name="targets">N × K.</param>
    public static KernelScores Of(Tensor<double> outputs, Tensor<double> targets)
    {
        double sum = 0.0;
        int[] predictions = new int[outputs.Rows];
        for (int i = 0; i < outputs.Rows; i++)
        {
            double distance = TensorPrimitives.Distance<double>(outputs.Row(i), targets.Row(i));
            sum += distance * distance;
            predictions[i] = TensorPrimitives.IndexOfMax<double>(outputs.Row(i));
        }
        return new KernelScores(0.5 * sum / outputs.Rows, predictions);
    }

    /// <summary>Scores of a machine at points with targets.</summary>
    public static KernelScores Of(KernelMachine machine, RfmData data) => Of(machine.Predict(data.Points.AsMatrix()), data.Targets);

    /// <summary>Share of the samples whose label is predicted.</summary>
    public double Accuracy(int[] labels) => labels.Where((label, i) => label == Predictions[i]).Count() / (double)labels.Length;
}
