namespace Eigenscope.Learning.Networks;

/// <summary>Convolutional classifiers of the literature, in the forms used for small images; every convolution but LeNet5's is followed by batch normalisation.</summary>
public enum ImageModel
{
    /// <summary>VGG with eight 3×3 convolutions (Simonyan and Zisserman, 1409.1556, configuration A), the images halved after the 1st, 2nd, 4th, 6th and 8th as long as they can be.</summary>
    Vgg11,

    /// <summary>The residual network of He et al. (1512.03385, section 4.2) with one block in each of three stages.</summary>
    ResNet8,

    /// <summary>The residual network of He et al. (1512.03385, section 4.2) with three blocks in each of three stages.</summary>
    ResNet20,

    /// <summary>The residual network of He et al. (1512.03385, table 1) with two blocks in each of four stages; as usual for small images, its first layer is a 3×3 convolution of stride 1 without pooling.</summary>
    ResNet18,

    /// <summary>
    /// LeNet-5 as the literature on low ranks has it (LeCun et al., Gradient-based learning applied to document recognition, 1998, in Caffe's sizes): 5×5 convolutions with biases, 20 and 50 channels, each followed by the activation and by
    /// the maximum over 2×2, and a head of 500 hidden units; 431,080 parameters on MNIST. Images need at least 16 rows and columns.
    /// </summary>
    LeNet5,
}
