namespace Eigenscope.Learning.Training;

/// <summary>What is known after an epoch without any extra work.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Steps done since the start of training.</param>
/// <param name="Loss">Objective, decay included, averaged over the epoch's batches as they were met.</param>
/// <param name="Accuracy">Accuracy, averaged likewise.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, int Step, double Loss, double Accuracy);
