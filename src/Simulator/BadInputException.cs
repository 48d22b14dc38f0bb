namespace DispatchCenter.Simulator;

/// <summary>
/// The run cannot begin or cannot be judged: a file, an option or a server that is not what it must be. The message is a sentence
/// for the person at the terminal. Thrown from anywhere, caught once, in <see cref="Program"/>: exit code 2.
/// </summary>
public sealed class BadInputException(string message, Exception? inner = null) : Exception(message, inner);
