namespace Eigenscope.Learning.Losses;

/// <summary>How a class label becomes a target vector for the mean squared error.</summary>
public enum TargetCoding
{
    /// <summary>1 for the class, 0 elsewhere.</summary>
    OneHot,

    /// <summary>+1 for the class, −1 elsewhere.</summary>
    PlusMinusOne,
}
