import NodeAgent

// ModelStorage has a type of the same name.
typealias NodeModelSource = ModelSource
typealias NodeImageSource = ImageSource
