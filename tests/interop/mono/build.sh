# From the WSDL to a client in C#, with the classic wsdl.exe. HERE is this folder, WSDL that of the contract.
wsdl -n:Red -out:Red.cs "$WSDL/pagomiscuentas.wsdl"
wsdl -n:Empresa -out:Empresa.cs "$WSDL/empresa.wsdl"
mcs -out:cliente.exe -r:System.Web.Services,System.Web.Extensions "$HERE/Cliente.cs" Red.cs Empresa.cs
